"""Shapes of requests and responses, for the OpenAPI description."""

from rest_framework import serializers

from labelapp.tasks.models import Skip


class ClaimRequest(serializers.Serializer[object]):
    holding = serializers.ListField(child=serializers.UUIDField(), required=False)


class TaskShown(serializers.Serializer[object]):
    id = serializers.UUIDField()
    type = serializers.CharField()
    payload = serializers.JSONField()


class Claimed(serializers.Serializer[object]):
    slot = serializers.UUIDField()
    lease_token = serializers.UUIDField()
    lease_until = serializers.DateTimeField()
    task = TaskShown()


class LeaseRequest(serializers.Serializer[object]):
    lease_token = serializers.UUIDField()


class DraftRequest(LeaseRequest):
    answer = serializers.JSONField()


class SkipRequest(LeaseRequest):
    reason = serializers.ChoiceField(choices=Skip.Reason.choices)
    comment = serializers.CharField(required=False, max_length=500)


class SubmitRequest(LeaseRequest):
    client_uuid = serializers.UUIDField()
    answer = serializers.JSONField()
    seconds = serializers.FloatField(min_value=0)


class Lease(serializers.Serializer[object]):
    lease_until = serializers.DateTimeField()


class LabelStored(serializers.Serializer[object]):
    label = serializers.UUIDField()  # type: ignore[assignment]  # a field of this name, which the stubs shadow
    outcome = serializers.ChoiceField(choices=["counted", "replayed", "surplus"])


class ErrorDetail(serializers.Serializer[object]):
    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(allow_blank=True)


class ErrorBody(serializers.Serializer[object]):
    error = ErrorDetail()


class SurplusBody(ErrorBody):
    label = serializers.UUIDField()  # type: ignore[assignment]  # as above
    outcome = serializers.CharField()
    kept = serializers.BooleanField()
