-- The balance of an organisation is the sum of its ledger, kept by the database itself, whoever writes.
CREATE TRIGGER credit_entries_follow BEFORE INSERT ON credit_entries
WHEN NEW.balance_after <> (SELECT credit_balance + NEW.amount FROM organisations WHERE id = NEW.organisation_id)
BEGIN
  SELECT RAISE(ABORT, 'credit_entries: balance_after does not follow from the balance');
END;
--> statement-breakpoint
CREATE TRIGGER credit_entries_apply AFTER INSERT ON credit_entries
BEGIN
  UPDATE organisations SET credit_balance = credit_balance + NEW.amount WHERE id = NEW.organisation_id;
END;
--> statement-breakpoint
CREATE TRIGGER credit_entries_never_change BEFORE UPDATE ON credit_entries
BEGIN
  SELECT RAISE(ABORT, 'credit_entries is append-only');
END;
--> statement-breakpoint
-- Entries go only with their organisation: by then its row is gone, so the cascade passes.
CREATE TRIGGER credit_entries_never_vanish BEFORE DELETE ON credit_entries
WHEN EXISTS (SELECT 1 FROM organisations WHERE id = OLD.organisation_id)
BEGIN
  SELECT RAISE(ABORT, 'credit_entries is append-only');
END;
