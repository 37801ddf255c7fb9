-- No two accounts may have one token, or one service of Apple's: whose it is already is looked up for each token that is applied.
CREATE INDEX account_consumer ON account (consumer_key) WHERE consumer_key IS NOT NULL;
CREATE INDEX account_service ON account (server_uuid) WHERE server_uuid IS NOT NULL;
