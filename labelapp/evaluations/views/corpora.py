"""Pages about corpora and their indexes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from labelapp.evaluations.corpora import freeze_corpus
from labelapp.evaluations.corpus_index import cancel_index, embed_corpus
from labelapp.evaluations.forms import CorpusForm, EmbedForm, done
from labelapp.evaluations.models import CorpusIndex, CorpusSnapshot
from labelapp.evaluations.progress import index_states
from labelapp.people.access import UserRequest, engineer_required


@require_safe
@engineer_required
def corpus_list(request: UserRequest) -> HttpResponse:
    corpora = CorpusSnapshot.objects.prefetch_related("indexes__embedder")
    return render(request, "evaluations/corpus_list.html", {"corpora": corpora})


@require_safe
@engineer_required
def corpus_detail(request: UserRequest, slug: str) -> HttpResponse:
    corpus = get_object_or_404(CorpusSnapshot, slug=slug)
    states = index_states(corpus)
    is_running = any(state.index.state == CorpusIndex.State.RUNNING for state in states)
    context = {"corpus": corpus, "states": states, "is_running": is_running}
    if request.htmx:
        return render(request, "evaluations/corpus_detail.html#indexes", context)
    context |= {"categories": corpus.categories(), "form": EmbedForm()}
    return render(request, "evaluations/corpus_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@engineer_required
def corpus_create(request: UserRequest) -> HttpResponse:
    form = CorpusForm(request.POST or None)
    corpus = done(form, lambda: freeze_corpus(form.cleaned_data["slug"], form.query(), by=request.user))
    if corpus:
        if embedder := form.cleaned_data["embedder"]:
            embed_corpus(corpus, embedder, by=request.user)
        return redirect("corpus_detail", slug=corpus.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/corpus_form.html", {"form": form}, status=status)


@require_POST
@engineer_required
def corpus_embed(request: UserRequest, slug: str) -> HttpResponse:
    corpus = get_object_or_404(CorpusSnapshot, slug=slug)
    form = EmbedForm(request.POST)
    if not done(form, lambda: embed_corpus(corpus, form.cleaned_data["embedder"], by=request.user)):
        messages.error(request, "Choose an embedder that is registered.")
    return redirect("corpus_detail", slug=slug)


@require_POST
@engineer_required
def index_cancel(request: UserRequest, index: str) -> HttpResponse:
    found = get_object_or_404(CorpusIndex.objects.select_related("corpus"), public_id=index)
    cancel_index(found, by=request.user)
    return redirect("corpus_detail", slug=found.corpus.slug)
