"""Speaking to a language model: any of LangChain's, called so that it can be late, fail or lie without harm."""
