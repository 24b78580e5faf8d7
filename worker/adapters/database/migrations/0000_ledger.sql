CREATE SCHEMA "bespoke";
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
	"state" text NOT NULL,
	"campaign" text NOT NULL,
	"bytes" bigint,
	"render_ms" integer,
	"code" text,
	"message" text
);
--> statement-breakpoint
CREATE TABLE "bespoke"."delivery" (
	"destination" text NOT NULL,
	"file_name" text NOT NULL,
	"key" text NOT NULL,
	CONSTRAINT "delivery_destination_file_name_pk" PRIMARY KEY("destination","file_name")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."deployment" (
	"id" integer PRIMARY KEY NOT NULL,
	"secret_fingerprint" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."image" (
	"url_key" text PRIMARY KEY NOT NULL,
	"hash" text,
	"reason" text,
	"fetched_at" timestamp with time zone NOT NULL
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
	"personal" boolean NOT NULL,
	"warnings" text NOT NULL,
	"state" text NOT NULL,
	"clips_left" integer NOT NULL,
	"clips_rendered" integer NOT NULL,
	"clips_reused" integer NOT NULL,
	"code" text,
	"message" text,
	"delivered" boolean DEFAULT false NOT NULL,
	"ended" bigserial NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."waiting" (
	"clip" text NOT NULL,
	"video" text NOT NULL,
	CONSTRAINT "waiting_clip_video_pk" PRIMARY KEY("clip","video")
);
--> statement-breakpoint
ALTER TABLE "bespoke"."video" ADD CONSTRAINT "video_campaign_campaign_id_fk" FOREIGN KEY ("campaign") REFERENCES "bespoke"."campaign"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "campaign_unfinished" ON "bespoke"."campaign" USING btree ("identity") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "clip_campaign" ON "bespoke"."clip" USING btree ("campaign","state");--> statement-breakpoint
CREATE INDEX "clip_speed" ON "bespoke"."clip" USING btree ("template","scene") WHERE render_ms is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "video_row" ON "bespoke"."video" USING btree ("campaign","row");--> statement-breakpoint
CREATE INDEX "video_state" ON "bespoke"."video" USING btree ("campaign","state");--> statement-breakpoint
CREATE INDEX "video_ready" ON "bespoke"."video" USING btree ("id") WHERE state = 'ready';--> statement-breakpoint
CREATE INDEX "video_undelivered" ON "bespoke"."video" USING btree ("campaign","ended") WHERE not delivered and state in ('done', 'skipped');--> statement-breakpoint
CREATE INDEX "waiting_video" ON "bespoke"."waiting" USING btree ("video");