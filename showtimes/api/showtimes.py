"""`/showtimes/:id`."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import DjangoModelPermissionsOrAnonReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from moviereservation.web import general
from moviereservation.web.refusals import refuses
from showtimes.api.audience import cache_control, may_see_drafts
from showtimes.api.serializers import ShowtimeWithMovieSerializer
from showtimes.models import Showtime, ShowtimeState
from showtimes.programme import listing


class ShowtimeActions(GenericViewSet[Showtime]):
    """Registered with what reservations add to it."""

    queryset = Showtime.objects.all()
    serializer_class = ShowtimeWithMovieSerializer
    permission_classes = (DjangoModelPermissionsOrAnonReadOnly,)
    lookup_url_kwarg = "showtime_id"
    lookup_value_converter = "key"

    @extend_schema(responses=ShowtimeWithMovieSerializer)
    @refuses(general.NotFound)
    def retrieve(self, request: Request, showtime_id: int) -> Response:
        """One showtime, with its movie."""
        showtimes = Showtime.objects.with_auditorium().select_related("movie")
        showtime = get_object_or_404(showtimes, pk=showtime_id)
        if showtime.state == ShowtimeState.DRAFT and not may_see_drafts(request):
            raise NotFound
        listed = listing.listed([showtime], now=timezone.now())[0]
        response = Response(ShowtimeWithMovieSerializer(listed).data)
        response["Cache-Control"] = cache_control(request)
        return response
