-- The order of turns whole, so that the next items are read off the index and never sorted, however many wait.
CREATE INDEX batch_items_turns ON batch_items (workspace_id, turn, batch_id, index) WHERE state = 'waiting';
DROP INDEX batch_items_waiting;
