"""Tensors between the processes of one run, as plain bytes: a DataLoader's workers send theirs so.

torch would hand over the memory itself, through a socket that it opens for it; a confined run opens none. So a tensor
that goes through a queue is a copy, as an array of numpy is. What was there before the fork is shared as ever.
"""

from __future__ import annotations

import multiprocessing.reduction
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tutor.engine.run import on_import

if TYPE_CHECKING:
    import torch

_LATE = "torch.multiprocessing"


def install() -> None:
    """In this process and those that it forks, now or as soon as torch is imported."""
    if _LATE in sys.modules:
        _install()
    else:
        on_import.on_import(_LATE, _install)


def _install() -> None:
    import torch

    register = multiprocessing.reduction.ForkingPickler.register
    kinds: set[type] = {torch.Tensor, torch.nn.Parameter, *torch._tensor_classes}
    for kind in kinds:
        register(kind, _tensor)
    register(torch.UntypedStorage, _storage)


def _tensor(tensor: torch.Tensor) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """How a tensor is pickled. Other kinds than plain ones are made of several, each of which comes here."""
    import torch

    plain = tensor.layout is torch.strided and tensor.device.type == "cpu"
    if not plain or tensor.is_quantized or tensor.is_nested or (tensor.requires_grad and not tensor.is_leaf):
        reduce: Callable[[torch.Tensor], tuple[Callable[..., Any], tuple[Any, ...]]]
        reduce = sys.modules["torch.multiprocessing.reductions"].reduce_tensor
        return reduce(tensor)
    flat = tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
    data = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
    return rebuilt, (type(tensor), data, tensor.dtype, tuple(tensor.shape), tensor.requires_grad)


def rebuilt(
    kind: type[torch.Tensor], data: bytes, dtype: torch.dtype, shape: tuple[int, ...], requires_grad: bool
) -> torch.Tensor:
    """The tensor in the process that it was sent to."""
    import torch

    if data:
        tensor = torch.frombuffer(bytearray(data), dtype=torch.uint8).view(dtype).reshape(shape)
    else:
        tensor = torch.empty(shape, dtype=dtype)
    if kind is torch.nn.Parameter:
        return torch.nn.Parameter(tensor, requires_grad)
    return tensor.requires_grad_(requires_grad)


def _storage(storage: torch.UntypedStorage) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    import torch

    flat = torch.empty(0, dtype=torch.uint8).set_(storage)
    return rebuilt_storage, (flat.numpy().tobytes(),)


def rebuilt_storage(data: bytes) -> torch.UntypedStorage:
    """The same for a storage by itself."""
    import torch

    empty = torch.empty(0, dtype=torch.uint8)
    return (torch.frombuffer(bytearray(data), dtype=torch.uint8) if data else empty).untyped_storage()
