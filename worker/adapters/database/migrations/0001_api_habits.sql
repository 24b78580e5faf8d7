CREATE TABLE "bespoke"."still" (
	"id" text PRIMARY KEY NOT NULL,
	"template" text NOT NULL,
	"format" text NOT NULL,
	"quality" text NOT NULL,
	"as_of" text NOT NULL,
	"record" text NOT NULL,
	"images" text,
	"path" text,
	"scene" text,
	"person" text,
	"render" text,
	"state" text DEFAULT 'wanted' NOT NULL,
	"fetched" text DEFAULT '[]' NOT NULL,
	"code" text,
	"message" text,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."webhook_endpoint" (
	"id" text PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"description" text NOT NULL,
	"events" text[] NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"previous_until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "bespoke"."webhook_delivery_end";--> statement-breakpoint
ALTER TABLE "bespoke"."campaign" ADD COLUMN "link" text;--> statement-breakpoint
ALTER TABLE "bespoke"."campaign" ADD COLUMN "external_id" text;--> statement-breakpoint
ALTER TABLE "bespoke"."campaign" ADD COLUMN "row_events" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD COLUMN "deleted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bespoke"."webhook_delivery" ADD COLUMN "render" text;--> statement-breakpoint
ALTER TABLE "bespoke"."webhook_delivery" ADD COLUMN "endpoint" text;--> statement-breakpoint
CREATE INDEX "still_asked" ON "bespoke"."still" USING btree ("asked_at");--> statement-breakpoint
CREATE INDEX "campaign_external_id" ON "bespoke"."campaign" USING btree ("external_id") WHERE external_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_message" ON "bespoke"."webhook_delivery" USING btree ("campaign","round",coalesce(render, ''),coalesce(endpoint, ''));--> statement-breakpoint
CREATE INDEX "webhook_delivery_render" ON "bespoke"."webhook_delivery" USING btree ("render") WHERE render is not null;--> statement-breakpoint
CREATE INDEX "webhook_delivery_untried" ON "bespoke"."webhook_delivery" USING btree ("campaign","number") WHERE render is not null and state = 'pending' and attempts = 0;--> statement-breakpoint
CREATE INDEX "webhook_delivery_due" ON "bespoke"."webhook_delivery" USING btree ("next_at") WHERE render is not null and state = 'pending';--> statement-breakpoint
-- Records a message about a campaign, or about one of its rows, for the address that its order named and for each
-- endpoint that wants such events. Returns the messages that were not there before.
CREATE FUNCTION "bespoke"."owe_messages"("about" text, "of_round" integer, "of_row" text, "what" text)
RETURNS SETOF text
LANGUAGE sql AS $$
	INSERT INTO bespoke.webhook_delivery (id, campaign, round, render, endpoint, event, url, state)
		SELECT 'msg_' || replace(gen_random_uuid()::text, '-', ''), c.id, of_round, of_row, target.endpoint, what,
			target.url, 'pending'
		FROM bespoke.campaign c CROSS JOIN LATERAL (
			SELECT NULL::text AS endpoint, c.webhook_url AS url WHERE c.webhook_url IS NOT NULL
			UNION ALL
			SELECT e.id, e.url FROM bespoke.webhook_endpoint e WHERE what = ANY (e.events)
		) target
		WHERE c.id = about
		ON CONFLICT DO NOTHING
		RETURNING id
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION "bespoke"."owe_webhooks"("ended_campaigns" text[])
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM bespoke.owe_messages(c.id, c.round, NULL, CASE
			WHEN c.kind = 'campaign' THEN 'campaign.finished'
			WHEN r.state = 'done' THEN 'render.done'
			WHEN r.state IN ('cancelled', 'skipped') OR c.state = 'cancelled' THEN 'render.cancelled'
			ELSE 'render.failed'
		END)
		FROM bespoke.campaign c LEFT JOIN bespoke.render r ON r.campaign = c.id AND c.kind = 'render'
		WHERE c.id = ANY (ended_campaigns);
END
$$;
--> statement-breakpoint
-- Records the messages that a row owes, in the transaction that ends it, whatever ends it. A row that is done a second
-- time in one round, since its files were lost, owes nothing more.
CREATE FUNCTION "bespoke"."owe_row"()
RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM bespoke.owe_messages(c.id, c.round, NEW.id, 'render.' || NEW.state)
		FROM bespoke.campaign c WHERE c.id = NEW.campaign AND c.row_events;
	RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "owe_row" AFTER INSERT OR UPDATE OF "state" ON "bespoke"."render"
	FOR EACH ROW WHEN (NEW.state IN ('done', 'failed')) EXECUTE FUNCTION "bespoke"."owe_row"();
--> statement-breakpoint
-- As before, without messages about rows: there may be very many.
CREATE OR REPLACE FUNCTION "bespoke"."settle_campaigns"("which" text[])
RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
	finished text[];
BEGIN
	-- Locked by a statement of its own: the next one then sees how their rows have ended.
	SELECT array_agg(id) INTO finished FROM (
		SELECT c.id FROM bespoke.campaign c
			WHERE c.id = ANY (which) AND c.kind <> 'remake' AND c.state = 'rendering' AND c.open_rows = 0
			ORDER BY c.id FOR NO KEY UPDATE
	) over;
	IF finished IS NOT NULL THEN
		UPDATE bespoke.campaign c SET ended_at = now(), state = CASE
				WHEN c.cancelled_at IS NOT NULL AND (c.rows = 0 OR EXISTS (
					SELECT FROM bespoke.render r WHERE r.campaign = c.id AND r.state = 'cancelled'
				)) THEN 'cancelled' ELSE 'finished' END
			WHERE c.id = ANY (finished);
		PERFORM bespoke.owe_webhooks(finished);
	END IF;
	RETURN QUERY SELECT d.id FROM bespoke.webhook_delivery d
		WHERE d.campaign = ANY (which) AND d.render IS NULL AND d.state = 'pending' AND d.attempts = 0;
END
$$;
--> statement-breakpoint
DROP FUNCTION "bespoke"."complete_render"(text, text, text);
--> statement-breakpoint
-- As before; also says whether rows of the campaign owe messages.
CREATE FUNCTION "bespoke"."complete_render"("done_render" text, "coming_pictures" text, "for_owner" text)
RETURNS TABLE (
	"campaign" text, "ended" boolean, "remake" boolean, "over" boolean, "owing" boolean, "link_owner" text
)
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE bespoke.render r
		SET state = 'done', coming = coming_pictures, ended_at = now(),
			ended = nextval(pg_get_serial_sequence('bespoke.render', 'ended'))
		WHERE r.id = done_render AND r.state = 'ready' AND r.link_owner IS NOT DISTINCT FROM for_owner
		RETURNING r.campaign INTO campaign;
	ended := FOUND;
	IF NOT ended THEN
		SELECT r.link_owner INTO link_owner FROM bespoke.render r
			WHERE r.id = done_render AND r.state = 'ready' AND r.link_owner IS DISTINCT FROM for_owner;
		IF FOUND THEN
			RETURN NEXT;
			RETURN;
		END IF;
	END IF;
	IF ended THEN
		UPDATE bespoke.campaign c SET open_rows = c.open_rows - 1
			WHERE c.id = complete_render.campaign
			RETURNING c.kind = 'remake', c.open_rows = 0 AND c.state = 'rendering', c.row_events
				INTO remake, over, owing;
	ELSE
		SELECT c.id, c.kind = 'remake', c.open_rows = 0 AND c.state = 'rendering', c.row_events
			INTO campaign, remake, over, owing
			FROM bespoke.render r JOIN bespoke.campaign c ON c.id = r.campaign
			WHERE r.id = done_render AND r.state NOT IN ('waiting', 'ready');
		IF NOT FOUND THEN RETURN; END IF;
	END IF;
	RETURN NEXT;
END
$$;
