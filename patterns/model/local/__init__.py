"""Models that run inside this process: llama.cpp over a GGUF file, one at a time."""
