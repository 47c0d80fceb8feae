// What a labeler has put into a form, without the fields that merely travel with it.
const TRAVELLING = new Set(["csrfmiddlewaretoken", "lease_token", "client_uuid", "seconds"]);

// Pairs of name and value, in the order of the page.
export function fieldsOf(entries) {
  return [...entries].filter(([name, value]) => !TRAVELLING.has(name) && typeof value === "string");
}

// Put the pairs back into the controls; returns the names of those that changed.
export function restoreFields(controls, fields) {
  const changed = new Set();
  for (const control of controls) {
    if (!control.name || TRAVELLING.has(control.name)) continue;
    if (restoreOne(control, fields)) changed.add(control.name);
  }
  return [...changed];
}

function restoreOne(control, fields) {
  const wanted = fields.filter(([name]) => name === control.name).map(([, value]) => value);
  if (control.type === "radio" || control.type === "checkbox") {
    const checked = wanted.includes(control.value);
    if (control.checked === checked) return false;
    control.checked = checked;
    return true;
  }
  const value = wanted[0] ?? "";
  if (control.value === value) return false;
  control.value = value;
  return true;
}
