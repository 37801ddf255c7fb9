-- Tokens, and Apple's services, are unique among accounts. Applying a token looks both up.
CREATE INDEX account_consumer ON account (consumer_key) WHERE consumer_key IS NOT NULL;
CREATE INDEX account_service ON account (server_uuid) WHERE server_uuid IS NOT NULL;
