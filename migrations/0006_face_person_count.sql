-- How many persons of a collection can be found, kept by the database itself: counting a large one at every read would scan it.
CREATE TRIGGER face_persons_settle AFTER UPDATE OF state ON face_persons
WHEN (OLD.state = 'enrolled') <> (NEW.state = 'enrolled')
BEGIN
  UPDATE face_collections SET person_count = person_count + iif(NEW.state = 'enrolled', 1, -1) WHERE id = NEW.collection_id;
END;
--> statement-breakpoint
CREATE TRIGGER face_persons_arrive AFTER INSERT ON face_persons
WHEN NEW.state = 'enrolled'
BEGIN
  UPDATE face_collections SET person_count = person_count + 1 WHERE id = NEW.collection_id;
END;
--> statement-breakpoint
CREATE TRIGGER face_persons_leave AFTER DELETE ON face_persons
WHEN OLD.state = 'enrolled'
BEGIN
  UPDATE face_collections SET person_count = person_count - 1 WHERE id = OLD.collection_id;
END;
