"""What was made from what: versions, runs, code and data as a graph (DESIGN §7).

`nodes` says what there is, `edges` what a document records, `trace` follows that as far as it is asked,
`graph` is what it found, `condensing` leaves out what is said twice. Nothing here reads a document's file.
"""
