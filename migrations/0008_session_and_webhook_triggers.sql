-- What is to be told is written with that which happened, whoever writes it: no verdict without its event. Nobody listening, no event.
CREATE TRIGGER verifications_tell_insert AFTER INSERT ON verifications
WHEN NEW.state = 'done' AND NEW.operation <> 'detectVideo'
BEGIN
  INSERT INTO webhook_events (id, organisation_id, event, session_id, data, created_at_ms)
  SELECT NEW.id, NEW.organisation_id, 'verification.completed', NEW.session_id,
    -- As it was answered: hybrid checks tell the two kinds of evidence apart.
    CASE WHEN NEW.operation LIKE 'hybrid%' THEN json_remove(NEW.result, '$.diagnostics')
      ELSE json_remove(NEW.result, '$.diagnostics', '$.visual_score', '$.physio_extracted') END,
    NEW.created_at_ms
  WHERE EXISTS (
    SELECT 1 FROM webhooks
    WHERE organisation_id = NEW.organisation_id AND disabled_at_ms IS NULL
      AND (events = '[]' OR EXISTS (SELECT 1 FROM json_each(events) WHERE value = 'verification.completed'))
  );
END;
--> statement-breakpoint
CREATE TRIGGER verifications_tell_update AFTER UPDATE OF state ON verifications
WHEN NEW.state = 'done' AND OLD.state <> 'done' AND NEW.operation <> 'detectVideo'
BEGIN
  INSERT INTO webhook_events (id, organisation_id, event, session_id, data, created_at_ms)
  SELECT NEW.id, NEW.organisation_id, 'verification.completed', NEW.session_id,
    -- As it was answered: hybrid checks tell the two kinds of evidence apart.
    CASE WHEN NEW.operation LIKE 'hybrid%' THEN json_remove(NEW.result, '$.diagnostics')
      ELSE json_remove(NEW.result, '$.diagnostics', '$.visual_score', '$.physio_extracted') END,
    NEW.created_at_ms
  WHERE EXISTS (
    SELECT 1 FROM webhooks
    WHERE organisation_id = NEW.organisation_id AND disabled_at_ms IS NULL
      AND (events = '[]' OR EXISTS (SELECT 1 FROM json_each(events) WHERE value = 'verification.completed'))
  );
END;
--> statement-breakpoint
-- The verdict on a video is stored in the same transaction, before its submission ends.
CREATE TRIGGER submissions_tell AFTER UPDATE OF status ON submissions
WHEN NEW.status IN ('completed', 'failed') AND OLD.status NOT IN ('completed', 'failed')
BEGIN
  INSERT INTO webhook_events (id, organisation_id, event, session_id, data, created_at_ms)
  SELECT NEW.id, NEW.organisation_id, 'video.' || NEW.status, NEW.id,
    json_object(
      'submission_id', NEW.id,
      'status', NEW.status,
      'error', NEW.error,
      'tenant_metadata', json(NEW.metadata),
      'result', json((
        SELECT json_remove(result, '$.diagnostics', '$.visual_score', '$.physio_extracted') FROM verifications
        WHERE organisation_id = NEW.organisation_id AND session_id = NEW.id AND operation = 'detectVideo' AND state = 'done'
      ))
    ),
    NEW.completed_at_ms
  WHERE EXISTS (
    SELECT 1 FROM webhooks
    WHERE organisation_id = NEW.organisation_id AND disabled_at_ms IS NULL
      AND (events = '[]' OR EXISTS (SELECT 1 FROM json_each(events) WHERE value = 'video.' || NEW.status))
  );
END;
--> statement-breakpoint
-- What was written down in an audit trail stays as it was, whoever writes.
CREATE TRIGGER session_events_never_change BEFORE UPDATE ON session_events
BEGIN
  SELECT RAISE(ABORT, 'session_events is append-only');
END;
--> statement-breakpoint
-- Entries go only with their organisation.
CREATE TRIGGER session_events_never_vanish BEFORE DELETE ON session_events
WHEN EXISTS (SELECT 1 FROM organisations WHERE id = OLD.organisation_id)
BEGIN
  SELECT RAISE(ABORT, 'session_events is append-only');
END;
--> statement-breakpoint
-- Deletions of INSERT OR REPLACE ring no trigger of their own.
CREATE TRIGGER session_events_never_replaced BEFORE INSERT ON session_events
WHEN EXISTS (SELECT 1 FROM session_events WHERE id = NEW.id OR (session_id = NEW.session_id AND sequence = NEW.sequence))
BEGIN
  SELECT RAISE(ABORT, 'UNIQUE constraint failed: session_events is append-only');
END;
