"""One step in a pipeline that you have already: each module is thin, over the public names, and needs one optional package.

    frames       pandas, Polars and PyArrow   clean_column, mark_duplicates, drop_duplicates
    polars       the same as df.dedup         clean, mark, drop
    datasets     Hugging Face                 ds.map(clean, batched=True), drop(ds)
    scrapy       items of a crawl             CleanPipeline, DropDuplicatesPipeline
    datatrove    steps of a pipeline          Clean, DropDuplicates
    spark        Spark, Spark Connect, Sail   clean, deduplicate, mark_duplicates, find_duplicates
    trafilatura  a web page                   extract_clean(html)
    langchain    documents                    Cleaner, and with drop=True without duplicates
    llamaindex   nodes                        the same
    haystack     documents                    the same
    sklearn      before a vectorizer          Cleaner
    datasketch   LSH, forests, Bloom filters  minhashes, minhashes_of_tokens

Nothing is imported here. `import dedup.integrations.NAME` imports that one module, and raises MissingExtraError, with the pip
command, where its package is not installed. No module of this folder needs another, but polars, which is frames by other names.
"""
