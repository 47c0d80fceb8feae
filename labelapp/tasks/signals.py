"""News that travels upward."""

from django.dispatch import Signal

# Sent once per label that counts, with `label`, inside the submit transaction. Receivers only insert a
# row of their own and leave the work to a job: what they raise undoes the submit. Surplus is not news.
label_submitted = Signal()
