// Points in time as words. Pure: the caller says what time it is.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DATE = { day: "numeric", month: "short", year: "numeric" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** "21 Nov 2026, 14:05" in the given zone, or in the reader's. */
export function absolute(then, timeZone) {
  return new Intl.DateTimeFormat("en-GB", { ...DATE, ...CLOCK, timeZone }).format(then);
}

/** "just now", "3 min ago", "in 2 h"; from a week on, the date. */
export function relative(then, now, timeZone) {
  const distance = Math.abs(now - then);
  if (distance < MINUTE) return "just now";
  if (distance >= 7 * DAY) return new Intl.DateTimeFormat("en-GB", { ...DATE, timeZone }).format(then);
  return then < now ? `${length(distance)} ago` : `in ${length(distance)}`;
}

function length(distance) {
  if (distance < HOUR) return `${Math.floor(distance / MINUTE)} min`;
  if (distance < DAY) return `${Math.floor(distance / HOUR)} h`;
  const days = Math.floor(distance / DAY);
  return days === 1 ? "1 day" : `${days} days`;
}
