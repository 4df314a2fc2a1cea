"""What the catalogue tells whoever listens, without knowing who that is."""

from django.dispatch import Signal

# A movie's runtime is being changed. Sent with `movie` (movies.models.Movie, as it was just
# written), inside the transaction: a listener that raises RuntimeRefused takes the change back.
runtime_changed = Signal()
