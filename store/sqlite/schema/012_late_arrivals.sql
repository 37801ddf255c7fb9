-- The row that tells of a device's assignment to the service may come behind what followed it, and is an arrival all the
-- same (assign/arrival.h). It is due for devices that Apple has shown as assigned once more, by a row that is no arrival:
-- for none of those that are here already, of which nobody noted it.

ALTER TABLE device ADD COLUMN arrival_due_before INTEGER;
