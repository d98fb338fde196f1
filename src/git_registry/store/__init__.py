"""Bytes by digest, wherever fsspec reaches: upload, download, a local cache, and what a URI refers to.

Nothing here knows what the bytes are for. Importing this package or any module in it is cheap; fsspec and the
package of a protocol are loaded when a store is first spoken to.
"""
