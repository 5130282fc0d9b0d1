"""Transformers of LangChain, LlamaIndex and Haystack, each in its library's own pipeline; ids, metadata and order stay."""

import asyncio

import haystack
import pytest
from defect import CLEANED, STAY, TEXTS
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from langchain_core.documents import Document as LangChainDocument
from langchain_core.runnables import RunnableLambda
from llama_index.core import Document as LlamaDocument
from llama_index.core.ingestion import IngestionCache, IngestionPipeline
from llama_index.core.schema import TextNode

import dedup
from dedup.integrations import haystack as for_haystack
from dedup.integrations import langchain as for_langchain
from dedup.integrations import llamaindex as for_llamaindex

GIVEN = [text or "" for text in TEXTS]
WANTED = [text or "" for text in CLEANED]
FIRST = dedup.Config(keep="first")


def test_langchain():
    documents = [LangChainDocument(text, id=str(number), metadata={"n": number}) for number, text in enumerate(GIVEN)]
    cleaned = for_langchain.Cleaner().transform_documents(documents)
    assert [document.page_content for document in cleaned] == WANTED
    assert [(document.id, document.metadata) for document in cleaned] == [(document.id, document.metadata) for document in documents]
    assert [document.page_content for document in documents] == GIVEN
    dropping = for_langchain.Cleaner(FIRST, drop=True)
    assert [document.metadata["n"] for document in asyncio.run(dropping.atransform_documents(documents))] == STAY
    chain = RunnableLambda(for_langchain.Cleaner().transform_documents) | RunnableLambda(len)
    assert chain.invoke(documents) == len(documents)
    assert for_langchain.Cleaner(drop=True).transform_documents([]) == []


@pytest.mark.parametrize("kind", [TextNode, LlamaDocument])
def test_llamaindex(kind):
    nodes = [kind(text=text, id_=str(number), metadata={"n": number}) for number, text in enumerate(GIVEN)]
    cleaned = IngestionPipeline(transformations=[for_llamaindex.Cleaner()]).run(nodes=nodes)
    assert [node.text for node in cleaned] == WANTED
    assert [(node.node_id, node.metadata) for node in cleaned] == [(node.node_id, node.metadata) for node in nodes]
    assert [node.text for node in nodes] == GIVEN
    dropped = IngestionPipeline(transformations=[for_llamaindex.Cleaner(config=FIRST, drop=True)]).run(nodes=nodes)
    assert [node.metadata["n"] for node in dropped] == STAY
    assert for_llamaindex.Cleaner(drop=True)([]) == []


def test_llamaindex_finds_in_its_cache_what_was_made_under_the_same_settings():
    cache, nodes = IngestionCache(), [TextNode(text=text, id_=str(number)) for number, text in enumerate(GIVEN)]

    def entries():
        return len(cache.cache.get_all(cache.collection))

    for step, more in [
        (for_llamaindex.Cleaner(), 1),
        (for_llamaindex.Cleaner(), 0),
        (for_llamaindex.Cleaner(config=dedup.Config(repeats=dedup.Repeats(enabled=False))), 1),
        (for_llamaindex.Cleaner(version="another"), 1),
    ]:
        before = entries()
        made = IngestionPipeline(transformations=[step], cache=cache).run(nodes=nodes)
        assert entries() - before == more, step
        assert (made[0].text == WANTED[0]) == step.config.repeats.enabled


def test_haystack(tmp_path):
    documents = [haystack.Document(content=text, id=str(number), meta={"n": number}) for number, text in enumerate(TEXTS)]
    cleaned = for_haystack.Cleaner().run(documents)["documents"]
    assert [document.content for document in cleaned] == CLEANED
    assert [(document.id, document.meta) for document in cleaned] == [(document.id, document.meta) for document in documents]
    assert [document.content for document in documents] == TEXTS
    (tmp_path / "dedup.toml").write_text('keep = "first"\n')
    dropping = for_haystack.Cleaner(str(tmp_path / "dedup.toml"), drop=True)
    assert [document.meta["n"] for document in dropping.run(documents)["documents"]] == STAY
    assert for_haystack.Cleaner(drop=True).run([]) == {"documents": []}


def test_haystack_in_a_pipeline_that_is_saved_and_loaded():
    store = InMemoryDocumentStore()
    pipeline = haystack.Pipeline()
    pipeline.add_component("clean", for_haystack.Cleaner(drop=True))
    pipeline.add_component("split", DocumentSplitter(split_by="word", split_length=1000))
    pipeline.connect("clean.documents", "split.documents")
    pipeline = haystack.Pipeline.loads(pipeline.dumps(), allowed_modules=["dedup.integrations.haystack"])
    pipeline.add_component("write", DocumentWriter(store))
    pipeline.connect("split.documents", "write.documents")
    documents = [haystack.Document(content=text, id=str(number)) for number, text in enumerate(TEXTS) if text]
    assert pipeline.run({"clean": {"documents": documents}}) == {"write": {"documents_written": 2}}
    assert {document.content for document in store.filter_documents()} <= {text for text in CLEANED if text}
