"""A language model of a quarter of a megabyte with random weights, which a real engine runs: it writes garbage."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

WIDTH, LAYERS, HEADS = 64, 2, 4
TEMPLATE = (
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
UNKNOWN, BEGIN, END = 0, 1, 2
_FIRST_BYTE = 3
_BIAS = 0
"""The feature that is the same for every token, so that its weights in the last layer are a bias for each."""
_FAVOURED, _SHUNNED = 3.0, -30.0


def write(path: Path, *, seed: int = 0, wild: bool = False, ends: bool = False, trained: int = 4096) -> Path:
    """Write a model to `path`. `trained` is its longest context, in tokens.

    A `wild` one writes any bytes, which are seldom text; others write characters. `ends` lets it end at any time.
    """
    words, kinds = _vocabulary()
    dice = np.random.default_rng(seed)
    file = gguf.GGUFWriter(str(path), "llama")
    _describe(file, trained)
    file.add_vocab_size(len(words))
    file.add_tokenizer_model("llama")
    file.add_tokenizer_pre("default")
    file.add_token_list(words)
    file.add_token_scores([0.0] * len(words))
    file.add_token_types(kinds)
    file.add_bos_token_id(BEGIN)
    file.add_eos_token_id(END)
    file.add_unk_token_id(UNKNOWN)
    file.add_chat_template(TEMPLATE)
    embedding = _random(dice, len(words), WIDTH)
    embedding[:, _BIAS] = 4.0
    output = _random(dice, len(words), WIDTH)
    output[:, _BIAS] = 0.0 if wild else [_bias(token, word, ends) for token, word in enumerate(words)]
    file.add_tensor("token_embd.weight", embedding.astype(np.float16))
    file.add_tensor("output.weight", output.astype(np.float16))
    file.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for layer in range(LAYERS):
        _add_layer(file, dice, f"blk.{layer}.")
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()
    return path


def _describe(file: gguf.GGUFWriter, trained: int) -> None:
    file.add_name("tiny")
    file.add_context_length(trained)
    file.add_embedding_length(WIDTH)
    file.add_block_count(LAYERS)
    file.add_feed_forward_length(2 * WIDTH)
    file.add_head_count(HEADS)
    file.add_head_count_kv(HEADS)
    file.add_layer_norm_rms_eps(1e-5)
    file.add_rope_dimension_count(WIDTH // HEADS)


def _vocabulary() -> tuple[list[str], list[int]]:
    """Three marks, every byte, and characters of one to four bytes."""
    kinds = gguf.TokenType
    words = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    types = [kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL] + [kinds.BYTE] * 256
    characters = [chr(code) for code in range(33, 127)] + ["▁", *"äéßñ中文字🙂🎈"]
    return words + characters, [int(kind) for kind in types + [kinds.NORMAL] * len(characters)]


def _bias(token: int, word: str, ends: bool) -> float:
    if token == END:
        return _FAVOURED if ends else _SHUNNED
    byte = token - _FIRST_BYTE
    if token in (UNKNOWN, BEGIN) or 0 <= byte < 32 or 127 <= byte < 256:
        return _SHUNNED
    return _FAVOURED if word in '"}]▁' or not word.isascii() else 0.0


def _add_layer(file: gguf.GGUFWriter, dice: np.random.Generator, name: str) -> None:
    for norm in ("attn_norm", "ffn_norm"):
        file.add_tensor(f"{name}{norm}.weight", np.ones(WIDTH, np.float32))
    shapes = dict.fromkeys(("attn_q", "attn_k", "attn_v", "attn_output"), (WIDTH, WIDTH))
    shapes |= {"ffn_gate": (2 * WIDTH, WIDTH), "ffn_up": (2 * WIDTH, WIDTH), "ffn_down": (WIDTH, 2 * WIDTH)}
    for each, (out, into) in shapes.items():
        weights = _random(dice, out, into)
        if each in ("attn_output", "ffn_down"):
            weights[_BIAS] = 0.0
        file.add_tensor(f"{name}{each}.weight", weights.astype(np.float16))


def _random(dice: np.random.Generator, out: int, into: int) -> np.ndarray:
    return dice.standard_normal((out, into)) * 2 / np.sqrt(into)
