-- No two accounts may share a token, or a service of Apple's. Each token that is applied is looked up here.
CREATE INDEX account_consumer ON account (consumer_key) WHERE consumer_key IS NOT NULL;
CREATE INDEX account_service ON account (server_uuid) WHERE server_uuid IS NOT NULL;
