"""What the embedder learns from, batch by batch, and the loss of each batch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, optim
from torch.nn import functional

from model_hooks.training.crops import Crops, Stored, World
from model_hooks.training.drawn_shop.designs import CATEGORIES
from model_hooks.training.embedder_augment import DRAWN, REAL, augmented
from model_hooks.training.embedder_net import EmbedderNet
from model_hooks.training.loop import half_precision

MIXING = 0.4
"""Both parameters of the beta distribution of a mixture; below 1 most mixtures are nearly pure."""


@dataclass(frozen=True)
class Recipe:
    """The numbers of the training that are neither time nor place.

    Attributes
    ----------
    batch, photos
        Crops per step, and the share of photographs among them where there are any.
    temperature
        Divides the cosines before the softmax over instances.
    instances
        Proxies per step (6.2.2): those of the batch, their look-alikes, and others at random.
    instance_weight
        Weight of the loss over instances, whose gradient the temperature makes 20 times as large.
    category_weight, photo_weight
        Weights of the category's loss on drawn crops and on photographs.
    attribute_weight, late_attribute_weight, late_from
        Weight of each attribute's loss and of gender's (A.3); and from that share of the training on, when
        the codes are good already (ADR 6).
    first_side, side
        Side of the pictures in the first and in the last part of the training; small ones are cheap.
    small_until
        Share of the training after which the side grows.
    proxy_rate, head_rate
        Factors on the learning rate of the proxies and of the heads.
    """

    dimension: int = 512
    side: int = 112
    first_side: int = 80
    small_until: float = 0.5
    batch: int = 128
    photos: float = 0.2
    temperature: float = 0.05
    instances: int = 2048
    instance_weight: float = 0.15
    attribute_weight: float = 0.1
    late_attribute_weight: float = 0.5
    late_from: float = 0.5712
    category_weight: float = 0.3
    photo_weight: float = 0.2
    smoothing: float = 0.1
    rate: float = 2e-3
    weight_decay: float = 0.02
    proxy_rate: float = 4.0
    head_rate: float = 2.0


class Views:
    """Draws products evenly and shows each now in its catalog picture, now in a scene."""

    def __init__(self, world: World, crops: Crops) -> None:
        self.labels = world.labels()
        self.families = world.family_numbers()
        self._crops = crops
        order = np.argsort(crops.product, kind="stable")
        self._order = order
        self._first = np.searchsorted(crops.product[order], np.arange(len(world.products)))
        self._count = np.bincount(crops.product, minlength=len(world.products))

    def draw(self, count: int, rng: np.random.Generator) -> tuple[Stored, NDArray[np.int64]]:
        """Return the stored crops of `count` products and the places of these products."""
        products = rng.choice(len(self._first), count, replace=len(self._first) < count)
        # The catalog picture is the first of a product's crops.
        scene = (rng.random(count) < 0.6) & (self._count[products] > 1)
        chosen = np.where(scene, 1 + (rng.random(count) * (self._count[products] - 1)).astype(np.int64), 0)
        return self._crops.stored.at(self._order[self._first[products] + chosen]), products


@dataclass(frozen=True)
class RealPhotos:
    """Photographs for training, drawn so that rare categories come more often than they are."""

    stored: Stored
    category: NDArray[np.int64]

    def draw(self, count: int, rng: np.random.Generator) -> tuple[Stored, NDArray[np.int64]]:
        """Return stored crops and their categories."""
        weights = 1 / np.sqrt(np.bincount(self.category)[self.category])
        rows = rng.choice(len(self.category), count, p=weights / weights.sum())
        return self.stored.at(rows), self.category[rows]


class EmbedderTrainee:
    """The loop's `Trainee`: net, optimizer, batches and losses."""

    def __init__(
        self, net: EmbedderNet, views: Views, recipe: Recipe, *, photos: RealPhotos | None, device: str
    ) -> None:
        self.net: EmbedderNet = net.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer: optim.Optimizer = _optimizer(net, recipe)
        self._views, self._recipe, self._photos, self._device = views, recipe, photos, device
        self._labels = {head: torch.from_numpy(places) for head, places in views.labels.items()}

    def losses(self, rng: np.random.Generator, *, share: float) -> Mapping[str, Tensor]:
        """Draw a batch and return its losses."""
        recipe = self._recipe
        side = recipe.first_side if share < recipe.small_until else recipe.side
        real = round(recipe.batch * recipe.photos) if self._photos else 0
        stored, products = self._views.draw(recipe.batch - real, rng)
        x, target = augmented(stored, side, DRAWN, rng), torch.empty(0)
        if self._photos:
            mixed, target = self._mixed_photos(self._photos, real, side, rng)
            x = torch.cat([x, mixed])
        with half_precision(self._device):
            vectors = self.net(x.to(self._device))
        late = share >= recipe.late_from
        weight = recipe.late_attribute_weight if late else recipe.attribute_weight
        parts = self._drawn_losses(vectors[: len(products)], products, rng, attribute_weight=weight)
        if self._photos:
            logits = self.net.logits("category", vectors[len(products) :])
            found = functional.cross_entropy(
                logits, target.to(self._device), label_smoothing=recipe.smoothing
            )
            parts["photos"] = recipe.photo_weight * found
        return parts

    def _drawn_losses(
        self,
        vectors: Tensor,
        products: NDArray[np.int64],
        rng: np.random.Generator,
        *,
        attribute_weight: float,
    ) -> dict[str, Tensor]:
        recipe = self._recipe
        parts = {"instance": recipe.instance_weight * self._instance_loss(vectors, products, rng)}
        for head, labels in self._labels.items():
            weight = recipe.category_weight if head == "category" else attribute_weight
            parts[head] = weight * self._head_loss(head, vectors, labels[products])
        return parts

    @staticmethod
    def _mixed_photos(
        photos: RealPhotos, count: int, side: int, rng: np.random.Generator
    ) -> tuple[Tensor, Tensor]:
        """Return photographs each faded into another, and the shares of the categories in each.

        There are few of them: mixing keeps the net from learning them by heart (Zhang et al., "mixup", 2018).
        """
        stored, category = photos.draw(count, rng)
        x = augmented(stored, side, REAL, rng)
        right = functional.one_hot(torch.from_numpy(category), len(CATEGORIES)).float()
        share = torch.from_numpy(rng.beta(MIXING, MIXING, count).astype(np.float32))
        faded, rows = share[:, None, None, None], share[:, None]
        return x.lerp(x.roll(1, 0), faded), right.lerp(right.roll(1, 0), rows)

    def _instance_loss(
        self, vectors: Tensor, products: NDArray[np.int64], rng: np.random.Generator
    ) -> Tensor:
        """Softmax over cosines to the proxies of some products (Zhai and Wu 2019, section 3)."""
        chosen = self._subsample(products, rng)
        proxies = functional.normalize(self.net.proxies[torch.from_numpy(chosen).to(self._device)])
        logits = functional.normalize(vectors) @ proxies.T / self._recipe.temperature
        right = torch.from_numpy(np.searchsorted(chosen, products)).to(self._device)
        return functional.cross_entropy(logits, right)

    def _subsample(self, products: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
        """Return ascending places of products: the batch's, their look-alikes, and others at random."""
        families = self._views.families
        near = np.flatnonzero(np.isin(families, families[products]))
        fill = rng.permutation(len(families))[: max(self._recipe.instances - len(near), 0)]
        return np.union1d(near, fill)

    def _head_loss(self, head: str, vectors: Tensor, labels: Tensor) -> Tensor:
        """Mean cross-entropy over the rows that have a label; 0 without any."""
        rows = torch.nonzero(labels >= 0)[:, 0]
        if not len(rows):
            return vectors.sum() * 0
        logits = self.net.logits(head, vectors[rows.to(self._device)])
        target = labels[rows].to(self._device)
        return functional.cross_entropy(logits, target, label_smoothing=self._recipe.smoothing)


def _optimizer(net: EmbedderNet, recipe: Recipe) -> optim.Optimizer:
    trunk = [*net.convolve.parameters(), *net.embedding.parameters()]
    groups = [
        {"params": [p for p in trunk if p.ndim > 1], "weight_decay": recipe.weight_decay},
        {"params": [p for p in trunk if p.ndim == 1], "weight_decay": 0.0},
        {"params": [*net.heads.parameters()], "weight_decay": 0.0, "rate_factor": recipe.head_rate},
        {"params": [net.proxies], "weight_decay": 0.0, "rate_factor": recipe.proxy_rate},
    ]
    return optim.AdamW(groups)
