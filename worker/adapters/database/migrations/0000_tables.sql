CREATE SCHEMA "bespoke";
--> statement-breakpoint
CREATE TABLE "bespoke"."api_key" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"scopes" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "bespoke"."campaign" (
	"id" text PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"kind" text NOT NULL,
	"template" text NOT NULL,
	"format" text NOT NULL,
	"quality" text NOT NULL,
	"as_of" text NOT NULL,
	"priority" integer NOT NULL,
	"source" text NOT NULL,
	"person" text,
	"rows" integer NOT NULL,
	"open_rows" integer DEFAULT 0 NOT NULL,
	"webhook_url" text,
	"metadata" text NOT NULL,
	"state" text NOT NULL,
	"round" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"cancelled_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"code" text,
	"message" text
);
--> statement-breakpoint
CREATE TABLE "bespoke"."clip" (
	"key" text PRIMARY KEY NOT NULL,
	"template" text NOT NULL,
	"scene" text NOT NULL,
	"code_hash" text NOT NULL,
	"inputs" text NOT NULL,
	"format" text NOT NULL,
	"fps" double precision NOT NULL,
	"duration_in_frames" integer NOT NULL,
	"encoding" text NOT NULL,
	"personal" boolean NOT NULL,
	"stills" text DEFAULT '[]' NOT NULL,
	"state" text NOT NULL,
	"campaign" text NOT NULL,
	"bytes" bigint,
	"render_ms" integer,
	"code" text,
	"message" text
);
--> statement-breakpoint
CREATE TABLE "bespoke"."dependency" (
	"clip" text NOT NULL,
	"render" text NOT NULL,
	CONSTRAINT "dependency_clip_render_pk" PRIMARY KEY("clip","render")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."deployment" (
	"id" integer PRIMARY KEY NOT NULL,
	"secret_fingerprint" text NOT NULL,
	"engine_version" text
);
--> statement-breakpoint
CREATE TABLE "bespoke"."idempotency" (
	"api_key" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"campaign" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_api_key_key_pk" PRIMARY KEY("api_key","key")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."image" (
	"url_key" text PRIMARY KEY NOT NULL,
	"hash" text,
	"reason" text,
	"fetched_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."render" (
	"id" text PRIMARY KEY NOT NULL,
	"campaign" text NOT NULL,
	"row" integer NOT NULL,
	"file_name" text NOT NULL,
	"priority" integer NOT NULL,
	"key" text,
	"path" text NOT NULL,
	"mix" text,
	"duration_in_frames" integer NOT NULL,
	"person" text,
	"personal" boolean NOT NULL,
	"warnings" text NOT NULL,
	"state" text NOT NULL,
	"clips_left" integer NOT NULL,
	"clips_rendered" integer NOT NULL,
	"clips_reused" integer NOT NULL,
	"code" text,
	"message" text,
	"coming" text DEFAULT '[]' NOT NULL,
	"reported" boolean DEFAULT false NOT NULL,
	"link" text,
	"ended_at" timestamp with time zone,
	"ended" bigserial NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."render_plan" (
	"render" text PRIMARY KEY NOT NULL,
	"plan" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."webhook_delivery" (
	"id" text PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"campaign" text NOT NULL,
	"round" integer NOT NULL,
	"event" text NOT NULL,
	"url" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"last_answer" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."worker" (
	"id" text PRIMARY KEY NOT NULL,
	"engine_version" text NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."clip_use" (
	"clip" text NOT NULL,
	"render" text NOT NULL,
	CONSTRAINT "clip_use_clip_render_pk" PRIMARY KEY("clip","render")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."consent" (
	"render" text NOT NULL,
	"variable" text NOT NULL,
	"agreed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consent_render_variable_pk" PRIMARY KEY("render","variable")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."demand" (
	"clip" text NOT NULL,
	"render" text NOT NULL,
	"priority" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "demand_clip_render_pk" PRIMARY KEY("clip","render")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."erased_person" (
	"person" text PRIMARY KEY NOT NULL,
	"erased_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."plan_terms" (
	"id" text PRIMARY KEY NOT NULL,
	"terms" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."record_change" (
	"render" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"original" text NOT NULL,
	CONSTRAINT "record_change_render_name_pk" PRIMARY KEY("render","name")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."remake" (
	"of" text PRIMARY KEY NOT NULL,
	"render" text NOT NULL,
	"failure_reported" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."removal" (
	"namespace" text NOT NULL,
	"name" text NOT NULL,
	"watch_until" timestamp with time zone NOT NULL,
	CONSTRAINT "removal_namespace_name_pk" PRIMARY KEY("namespace","name")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."render_source" (
	"render" text PRIMARY KEY NOT NULL,
	"terms" text NOT NULL,
	"record" text NOT NULL,
	"images" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."session" (
	"id" text PRIMARY KEY NOT NULL,
	"render" text NOT NULL,
	"rights" text NOT NULL,
	"link" text NOT NULL,
	"story" text NOT NULL,
	"begins_at" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."session_event" (
	"session" text NOT NULL,
	"seq" integer NOT NULL,
	"id" text NOT NULL,
	"entry" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "session_event_session_seq_pk" PRIMARY KEY("session","seq")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."share" (
	"render" text PRIMARY KEY NOT NULL,
	"link" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD CONSTRAINT "render_campaign_campaign_id_fk" FOREIGN KEY ("campaign") REFERENCES "bespoke"."campaign"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."render_plan" ADD CONSTRAINT "render_plan_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."clip_use" ADD CONSTRAINT "clip_use_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."consent" ADD CONSTRAINT "consent_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."demand" ADD CONSTRAINT "demand_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."record_change" ADD CONSTRAINT "record_change_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."remake" ADD CONSTRAINT "remake_of_render_id_fk" FOREIGN KEY ("of") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."remake" ADD CONSTRAINT "remake_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."render_source" ADD CONSTRAINT "render_source_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."session" ADD CONSTRAINT "session_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."session_event" ADD CONSTRAINT "session_event_session_session_id_fk" FOREIGN KEY ("session") REFERENCES "bespoke"."session"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."share" ADD CONSTRAINT "share_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "campaign_kind" ON "bespoke"."campaign" USING btree ("kind","number");--> statement-breakpoint
CREATE INDEX "campaign_person" ON "bespoke"."campaign" USING btree ("person") WHERE person is not null;--> statement-breakpoint
CREATE INDEX "campaign_open" ON "bespoke"."campaign" USING btree ("number") WHERE state in ('planning', 'rendering');--> statement-breakpoint
CREATE INDEX "clip_campaign" ON "bespoke"."clip" USING btree ("campaign","state");--> statement-breakpoint
CREATE INDEX "clip_speed" ON "bespoke"."clip" USING btree ("template","scene") WHERE render_ms is not null;--> statement-breakpoint
CREATE INDEX "dependency_render" ON "bespoke"."dependency" USING btree ("render");--> statement-breakpoint
CREATE INDEX "idempotency_age" ON "bespoke"."idempotency" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "render_row" ON "bespoke"."render" USING btree ("campaign","row");--> statement-breakpoint
CREATE UNIQUE INDEX "render_link" ON "bespoke"."render" USING btree ("link");--> statement-breakpoint
CREATE INDEX "render_person" ON "bespoke"."render" USING btree ("person") WHERE person is not null;--> statement-breakpoint
CREATE INDEX "render_state" ON "bespoke"."render" USING btree ("campaign","state","row");--> statement-breakpoint
CREATE INDEX "render_ready" ON "bespoke"."render" USING btree ("id") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "render_coming" ON "bespoke"."render" USING btree ("id") WHERE coming <> '[]';--> statement-breakpoint
CREATE INDEX "render_done" ON "bespoke"."render" USING btree ("campaign","ended") WHERE state = 'done';--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_number" ON "bespoke"."webhook_delivery" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_end" ON "bespoke"."webhook_delivery" USING btree ("campaign","round");--> statement-breakpoint
CREATE INDEX "webhook_delivery_state" ON "bespoke"."webhook_delivery" USING btree ("state","number");--> statement-breakpoint
CREATE INDEX "clip_use_render" ON "bespoke"."clip_use" USING btree ("render");--> statement-breakpoint
CREATE INDEX "demand_render" ON "bespoke"."demand" USING btree ("render");--> statement-breakpoint
CREATE UNIQUE INDEX "remake_render" ON "bespoke"."remake" USING btree ("render");--> statement-breakpoint
CREATE INDEX "session_render" ON "bespoke"."session" USING btree ("render");--> statement-breakpoint
CREATE UNIQUE INDEX "session_owner" ON "bespoke"."session" USING btree ("render") WHERE rights = 'owner';--> statement-breakpoint
CREATE UNIQUE INDEX "session_event_id" ON "bespoke"."session_event" USING btree ("session","id");--> statement-breakpoint
CREATE UNIQUE INDEX "share_link" ON "bespoke"."share" USING btree ("link");--> statement-breakpoint
CREATE TABLE "bespoke"."customer_link" (
	"owner" text PRIMARY KEY NOT NULL,
	"link" text,
	"expires_at" timestamp with time zone,
	"render" text NOT NULL,
	"shown_at" timestamp with time zone DEFAULT now() NOT NULL,
	"number" bigint NOT NULL,
	"row" integer NOT NULL,
	"planned_key" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bespoke"."campaign" ADD COLUMN "customer_id" text;--> statement-breakpoint
ALTER TABLE "bespoke"."campaign" ADD COLUMN "link_key" text;--> statement-breakpoint
ALTER TABLE "bespoke"."campaign" ADD COLUMN "link_owner" text;--> statement-breakpoint
ALTER TABLE "bespoke"."campaign" ADD COLUMN "preview" text;--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD COLUMN "customer_id" text;--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD COLUMN "link_expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD COLUMN "link_owner" text;--> statement-breakpoint
ALTER TABLE "bespoke"."customer_link" ADD CONSTRAINT "customer_link_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "customer_link_link" ON "bespoke"."customer_link" USING btree ("link");--> statement-breakpoint
CREATE INDEX "customer_link_render" ON "bespoke"."customer_link" USING btree ("render");--> statement-breakpoint
CREATE INDEX "campaign_link_owner" ON "bespoke"."campaign" USING btree ("link_owner") WHERE link_owner is not null;--> statement-breakpoint
CREATE INDEX "render_link_owner" ON "bespoke"."render" USING btree ("link_owner") WHERE link_owner is not null;--> statement-breakpoint
CREATE INDEX "campaign_number" ON "bespoke"."campaign" USING btree ("number");--> statement-breakpoint
-- Functions: what jobs do most often, each in one round trip. Every statement in them sees what was committed
-- before it began, so dependencies are read after the lock is taken. Locks are taken in the order of all transactions:
-- "lock_campaigns", clips, dependencies, renders, and last the lines of campaigns; each kind in the order of its keys.

-- Excludes everyone else who records rows of these campaigns or changes the campaigns, until this transaction ends. The
-- lines themselves stay free for those who end rows and settle. 4213077122 keeps these locks apart from other advisory
-- locks.
CREATE FUNCTION "bespoke"."lock_campaigns"("which" text[])
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(each.key) FROM (
		SELECT DISTINCT hashtextextended(id, 4213077122) AS key FROM unnest(which) AS id ORDER BY key
	) each;
END
$$;
--> statement-breakpoint
-- Marks a clip stored. Returns the renders that waited for nothing else, first rows first.
CREATE FUNCTION "bespoke"."complete_clip"("stored_clip" text, "clip_bytes" bigint, "clip_render_ms" integer)
RETURNS TABLE ("id" text, "priority" integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	released text[];
BEGIN
	UPDATE bespoke.clip
		SET state = 'stored', code = NULL, message = NULL,
			bytes = coalesce(clip_bytes, bytes), render_ms = coalesce(clip_render_ms, render_ms)
		WHERE key = stored_clip;
	-- A clip that is recorded only now is not the one that was made: those who wait for it continue to wait.
	IF NOT FOUND THEN RETURN; END IF;
	DELETE FROM bespoke.demand WHERE clip = stored_clip;
	WITH line AS (
		SELECT clip, render FROM bespoke.dependency WHERE clip = stored_clip ORDER BY render FOR UPDATE
	), gone AS (
		DELETE FROM bespoke.dependency w USING line WHERE w.clip = line.clip AND w.render = line.render
		RETURNING w.render
	)
	SELECT array_agg(render) INTO released FROM gone;
	IF released IS NULL THEN RETURN; END IF;
	-- Updating one row locks it; several are locked first.
	IF cardinality(released) > 1 THEN
		PERFORM 1 FROM bespoke.render r WHERE r.id = ANY (released) ORDER BY r.id FOR NO KEY UPDATE;
	END IF;
	RETURN QUERY
		WITH counted AS (
			UPDATE bespoke.render r
				SET clips_left = r.clips_left - 1,
					state = CASE WHEN r.clips_left <= 1 THEN 'ready' ELSE r.state END
				WHERE r.id = ANY (released) AND r.state = 'waiting'
				RETURNING r.id, r.priority, r."row", r.state
		)
		SELECT c.id, c.priority FROM counted c WHERE c.state = 'ready' ORDER BY c."row";
END
$$;
--> statement-breakpoint
-- Ends a ready render whose link has this owner, or none. Returns its campaign, whether the render ended by this call,
-- whether it is a remake, and whether its campaign is recorded as a whole and has no open row now. Repeated, it returns
-- this again: the answer may have been lost. Where the link has another owner, the render stays ready and only
-- "link_owner" is returned.
CREATE FUNCTION "bespoke"."complete_render"("done_render" text, "coming_pictures" text, "for_owner" text)
RETURNS TABLE ("campaign" text, "ended" boolean, "remake" boolean, "over" boolean, "link_owner" text)
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
			RETURNING c.kind = 'remake', c.open_rows = 0 AND c.state = 'rendering' INTO remake, over;
	ELSE
		SELECT c.id, c.kind = 'remake', c.open_rows = 0 AND c.state = 'rendering' INTO campaign, remake, over
			FROM bespoke.render r JOIN bespoke.campaign c ON c.id = r.campaign
			WHERE r.id = done_render AND r.state NOT IN ('waiting', 'ready');
		IF NOT FOUND THEN RETURN; END IF;
	END IF;
	RETURN NEXT;
END
$$;
--> statement-breakpoint
-- Makes a campaign that is being planned a rendering one, if all of its rows are recorded. Returns how many it has, and
-- how many are recorded; nothing where it is not being planned.
CREATE FUNCTION "bespoke"."end_planning"("planned_campaign" text)
RETURNS TABLE ("rows" integer, "recorded" integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
	PERFORM bespoke.lock_campaigns(ARRAY[planned_campaign]);
	RETURN QUERY
		UPDATE bespoke.campaign c
			SET state = CASE WHEN c.rows = counted.renders THEN 'rendering' ELSE c.state END
			FROM (
				SELECT count(*)::integer AS renders FROM bespoke.render r WHERE r.campaign = planned_campaign
			) counted
			WHERE c.id = planned_campaign AND c.kind <> 'remake' AND c.state = 'planning'
			RETURNING c.rows, counted.renders;
END
$$;
--> statement-breakpoint
-- Ends those of these campaigns that are recorded as a whole and have no open row, and records the webhook message that
-- each of them owes. Returns the messages of all of them that nobody has tried to send.
CREATE FUNCTION "bespoke"."settle_campaigns"("which" text[])
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
		WHERE d.campaign = ANY (which) AND d.state = 'pending' AND d.attempts = 0;
END
$$;
--> statement-breakpoint
-- Records what campaigns that have just ended owe to their webhooks, once for each end.
CREATE FUNCTION "bespoke"."owe_webhooks"("ended_campaigns" text[])
RETURNS void
LANGUAGE sql AS $$
	INSERT INTO bespoke.webhook_delivery (id, campaign, round, event, url, state)
		SELECT 'msg_' || replace(gen_random_uuid()::text, '-', ''), c.id, c.round,
			CASE
				WHEN c.kind = 'campaign' THEN 'campaign.finished'
				WHEN r.state = 'done' THEN 'render.done'
				WHEN r.state IN ('cancelled', 'skipped') OR c.state = 'cancelled' THEN 'render.cancelled'
				ELSE 'render.failed'
			END, c.webhook_url, 'pending'
		FROM bespoke.campaign c LEFT JOIN bespoke.render r ON r.campaign = c.id AND c.kind = 'render'
		WHERE c.id = ANY (ended_campaigns) AND c.webhook_url IS NOT NULL
		ON CONFLICT (campaign, round) DO NOTHING
$$;
--> statement-breakpoint
-- Adds events (their ids, and their log entries as text) behind the first "after_events" of a session's log "run".
-- Repeated after a lost answer, it finds them there. Returns false, with nothing added, where the log has other events
-- there, holds one of them elsewhere, or is another log by now.
CREATE FUNCTION "bespoke"."append_events"("to_session" text, "run" integer, "after_events" integer, "events" jsonb)
RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
	next_seq integer := run + after_events;
	known integer;
BEGIN
	PERFORM 1 FROM bespoke.session s WHERE s.id = to_session AND s.begins_at = run FOR NO KEY UPDATE;
	IF NOT FOUND THEN RETURN false; END IF;
	-- The last event that is known shows that the log is so long.
	IF after_events > 0 AND NOT EXISTS (
		SELECT FROM bespoke.session_event e WHERE e.session = to_session AND e.seq = next_seq - 1
	) THEN RETURN false; END IF;
	SELECT count(*) INTO known FROM bespoke.session_event e WHERE e.session = to_session AND e.seq >= next_seq;
	IF EXISTS (
		SELECT FROM bespoke.session_event e WHERE e.session = to_session AND e.seq >= next_seq
			AND e.id IS DISTINCT FROM events -> (e.seq - next_seq) ->> 'id'
	) THEN RETURN false; END IF;
	-- Of a log that was left, or of this one in another place.
	IF EXISTS (
		SELECT FROM jsonb_array_elements(events) WITH ORDINALITY AS fresh(event, place)
			WHERE place > known AND (
				EXISTS (SELECT FROM bespoke.session_event e WHERE e.session = to_session AND e.id = event ->> 'id')
				OR EXISTS (
					SELECT FROM jsonb_array_elements(events) WITH ORDINALITY AS other(event, place)
						WHERE other.place > known AND other.place < fresh.place
							AND other.event ->> 'id' = fresh.event ->> 'id'
				)
			)
	) THEN RETURN false; END IF;
	INSERT INTO bespoke.session_event (session, seq, id, entry)
		SELECT to_session, next_seq + place - 1, event ->> 'id', event ->> 'entry'
		FROM jsonb_array_elements(events) WITH ORDINALITY AS fresh(event, place)
		WHERE place > known ORDER BY place;
	RETURN true;
END
$$;
