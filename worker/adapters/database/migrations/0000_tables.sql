CREATE SCHEMA "bespoke";
--> statement-breakpoint
CREATE TABLE "bespoke"."consent" (
	"video" text NOT NULL,
	"variable" text NOT NULL,
	"agreed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consent_video_variable_pk" PRIMARY KEY("video","variable")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."erased_person" (
	"person" text PRIMARY KEY NOT NULL,
	"erased_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."record_change" (
	"video" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"original" text NOT NULL,
	CONSTRAINT "record_change_video_name_pk" PRIMARY KEY("video","name")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."remake" (
	"of" text PRIMARY KEY NOT NULL,
	"video" text NOT NULL,
	"failure_told" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."removal" (
	"shelf" text NOT NULL,
	"name" text NOT NULL,
	"watch_until" timestamp with time zone NOT NULL,
	CONSTRAINT "removal_shelf_name_pk" PRIMARY KEY("shelf","name")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."share" (
	"video" text PRIMARY KEY NOT NULL,
	"link" text NOT NULL
);
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
	"identity" text NOT NULL,
	"template" text NOT NULL,
	"format" text NOT NULL,
	"as_of" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
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
	"order" text NOT NULL,
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
CREATE TABLE "bespoke"."order" (
	"campaign" text PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"kind" text NOT NULL,
	"quality" text NOT NULL,
	"priority" integer NOT NULL,
	"source" text NOT NULL,
	"person" text,
	"rows" integer NOT NULL,
	"webhook_url" text,
	"metadata" text NOT NULL,
	"state" text NOT NULL,
	"round" integer DEFAULT 0 NOT NULL,
	"cancelled_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"code" text,
	"message" text
);
--> statement-breakpoint
CREATE TABLE "bespoke"."video" (
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
	"erased" boolean DEFAULT false NOT NULL,
	"link" text,
	"ended_at" timestamp with time zone,
	"ended" bigserial NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."waiting" (
	"clip" text NOT NULL,
	"video" text NOT NULL,
	CONSTRAINT "waiting_clip_video_pk" PRIMARY KEY("clip","video")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."webhook_delivery" (
	"id" text PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"order" text NOT NULL,
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
	"video" text NOT NULL,
	CONSTRAINT "clip_use_clip_video_pk" PRIMARY KEY("clip","video")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."plan_terms" (
	"id" text PRIMARY KEY NOT NULL,
	"terms" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."session" (
	"id" text PRIMARY KEY NOT NULL,
	"video" text NOT NULL,
	"rights" text NOT NULL,
	"link" text NOT NULL,
	"story" text NOT NULL,
	"begins_at" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
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
CREATE TABLE "bespoke"."viewing" (
	"video" text PRIMARY KEY NOT NULL,
	"terms" text NOT NULL,
	"record" text NOT NULL,
	"images" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."wish" (
	"clip" text NOT NULL,
	"video" text NOT NULL,
	"priority" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wish_clip_video_pk" PRIMARY KEY("clip","video")
);
--> statement-breakpoint
ALTER TABLE "bespoke"."consent" ADD CONSTRAINT "consent_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."record_change" ADD CONSTRAINT "record_change_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."remake" ADD CONSTRAINT "remake_of_video_id_fk" FOREIGN KEY ("of") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."remake" ADD CONSTRAINT "remake_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."share" ADD CONSTRAINT "share_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."order" ADD CONSTRAINT "order_campaign_campaign_id_fk" FOREIGN KEY ("campaign") REFERENCES "bespoke"."campaign"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."video" ADD CONSTRAINT "video_campaign_campaign_id_fk" FOREIGN KEY ("campaign") REFERENCES "bespoke"."campaign"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."clip_use" ADD CONSTRAINT "clip_use_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."session" ADD CONSTRAINT "session_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."session_event" ADD CONSTRAINT "session_event_session_session_id_fk" FOREIGN KEY ("session") REFERENCES "bespoke"."session"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."viewing" ADD CONSTRAINT "viewing_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."wish" ADD CONSTRAINT "wish_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "remake_video" ON "bespoke"."remake" USING btree ("video");--> statement-breakpoint
CREATE UNIQUE INDEX "share_link" ON "bespoke"."share" USING btree ("link");--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_unfinished" ON "bespoke"."campaign" USING btree ("identity") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "clip_campaign" ON "bespoke"."clip" USING btree ("campaign","state");--> statement-breakpoint
CREATE INDEX "clip_speed" ON "bespoke"."clip" USING btree ("template","scene") WHERE render_ms is not null;--> statement-breakpoint
CREATE INDEX "idempotency_age" ON "bespoke"."idempotency" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "order_number" ON "bespoke"."order" USING btree ("number");--> statement-breakpoint
CREATE INDEX "order_kind" ON "bespoke"."order" USING btree ("kind","number");--> statement-breakpoint
CREATE INDEX "order_person" ON "bespoke"."order" USING btree ("person") WHERE person is not null;--> statement-breakpoint
CREATE INDEX "order_unsettled" ON "bespoke"."order" USING btree ("number") WHERE state in ('planning', 'rendering');--> statement-breakpoint
CREATE UNIQUE INDEX "video_row" ON "bespoke"."video" USING btree ("campaign","row");--> statement-breakpoint
CREATE UNIQUE INDEX "video_link" ON "bespoke"."video" USING btree ("link");--> statement-breakpoint
CREATE INDEX "video_person" ON "bespoke"."video" USING btree ("person") WHERE person is not null;--> statement-breakpoint
CREATE INDEX "video_state" ON "bespoke"."video" USING btree ("campaign","state","row");--> statement-breakpoint
CREATE INDEX "video_open" ON "bespoke"."video" USING btree ("campaign","ended") WHERE state in ('waiting', 'ready');--> statement-breakpoint
CREATE INDEX "video_ready" ON "bespoke"."video" USING btree ("id") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "video_coming" ON "bespoke"."video" USING btree ("id") WHERE coming <> '[]';--> statement-breakpoint
CREATE INDEX "video_done" ON "bespoke"."video" USING btree ("campaign","ended") WHERE state = 'done';--> statement-breakpoint
CREATE INDEX "waiting_video" ON "bespoke"."waiting" USING btree ("video");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_number" ON "bespoke"."webhook_delivery" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_end" ON "bespoke"."webhook_delivery" USING btree ("order","round");--> statement-breakpoint
CREATE INDEX "webhook_delivery_state" ON "bespoke"."webhook_delivery" USING btree ("state","number");--> statement-breakpoint
CREATE INDEX "clip_use_video" ON "bespoke"."clip_use" USING btree ("video");--> statement-breakpoint
CREATE INDEX "session_video" ON "bespoke"."session" USING btree ("video");--> statement-breakpoint
CREATE UNIQUE INDEX "session_owner" ON "bespoke"."session" USING btree ("video") WHERE rights = 'owner' and ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "session_event_id" ON "bespoke"."session_event" USING btree ("session","id");--> statement-breakpoint
CREATE INDEX "wish_video" ON "bespoke"."wish" USING btree ("video");