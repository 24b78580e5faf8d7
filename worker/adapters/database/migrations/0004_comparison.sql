CREATE TABLE "bespoke"."compared" (
	"render" text PRIMARY KEY NOT NULL,
	"campaign" text NOT NULL,
	"lines" text[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."tally" (
	"campaign" text NOT NULL,
	"of" text NOT NULL,
	"line" text NOT NULL,
	"people" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."to_compare" (
	"number" bigserial PRIMARY KEY NOT NULL,
	"render" text,
	"person" text
);
--> statement-breakpoint
CREATE UNIQUE INDEX "tally_line" ON "bespoke"."tally" USING btree ("campaign","of",md5(line));--> statement-breakpoint
-- Triggers: what the comparison of a campaign's people depends on is noted in the transaction that changes it.
CREATE FUNCTION "bespoke"."note_row"()
RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO bespoke.to_compare (render) VALUES (coalesce(NEW.id, OLD.id));
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "note_added" AFTER INSERT ON "bespoke"."render" FOR EACH ROW
	WHEN (NEW.state = 'done' OR NEW.skipped_for = 'holdout')
	EXECUTE FUNCTION "bespoke"."note_row"();
--> statement-breakpoint
CREATE TRIGGER "note_changed" AFTER UPDATE OF "state", "skipped_for", "person", "segments", "variant" ON "bespoke"."render" FOR EACH ROW
	WHEN ((OLD.state = 'done' OR NEW.state = 'done' OR OLD.skipped_for = 'holdout' OR NEW.skipped_for = 'holdout')
		AND (OLD.state, OLD.skipped_for, OLD.person, OLD.segments, OLD.variant)
			IS DISTINCT FROM (NEW.state, NEW.skipped_for, NEW.person, NEW.segments, NEW.variant))
	EXECUTE FUNCTION "bespoke"."note_row"();
--> statement-breakpoint
CREATE TRIGGER "note_gone" AFTER DELETE ON "bespoke"."render" FOR EACH ROW
	WHEN (OLD.state = 'done' OR OLD.skipped_for = 'holdout')
	EXECUTE FUNCTION "bespoke"."note_row"();
--> statement-breakpoint
CREATE FUNCTION "bespoke"."note_opening"()
RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO bespoke.to_compare (render) VALUES (OLD.render);
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "note_opened" AFTER UPDATE OF "opened_on", "device" ON "bespoke"."viewer" FOR EACH ROW
	WHEN (NEW.rights = 'owner' AND (OLD.opened_on, OLD.device) IS DISTINCT FROM (NEW.opened_on, NEW.device))
	EXECUTE FUNCTION "bespoke"."note_opening"();
--> statement-breakpoint
CREATE TRIGGER "note_viewer_gone" AFTER DELETE ON "bespoke"."viewer" FOR EACH ROW
	WHEN (OLD.rights = 'owner' AND OLD.opened_on IS NOT NULL)
	EXECUTE FUNCTION "bespoke"."note_opening"();
--> statement-breakpoint
CREATE FUNCTION "bespoke"."note_conversions"()
RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO bespoke.to_compare (render, person) SELECT DISTINCT render, person FROM changed;
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "note_converted" AFTER INSERT ON "bespoke"."conversion"
	REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
	EXECUTE FUNCTION "bespoke"."note_conversions"();
--> statement-breakpoint
CREATE TRIGGER "note_unconverted" AFTER DELETE ON "bespoke"."conversion"
	REFERENCING OLD TABLE AS changed FOR EACH STATEMENT
	EXECUTE FUNCTION "bespoke"."note_conversions"();
--> statement-breakpoint
INSERT INTO "bespoke"."to_compare" ("render")
	SELECT id FROM "bespoke"."render" WHERE state = 'done' OR skipped_for = 'holdout';
