"""The scorecard: what the journal tells of a client, held against what the documents ask of clients."""
