-- What is due is looked for lane by lane: a lane with thousands of events waiting costs no more than one with few.
CREATE INDEX webhook_messages_lanes ON webhook_messages (lane, due_at) WHERE state = 'pending';
DROP INDEX webhook_messages_due;
