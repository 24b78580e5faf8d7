CREATE TABLE "bespoke"."figure" (
	"campaign" text NOT NULL,
	"name" text NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "figure_campaign_name_pk" PRIMARY KEY("campaign","name")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."measurement_refusal" (
	"session" text PRIMARY KEY NOT NULL,
	"render" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."page_view" (
	"number" bigserial PRIMARY KEY NOT NULL,
	"viewer" text NOT NULL,
	"page" text NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"device" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."viewer" (
	"session" text PRIMARY KEY NOT NULL,
	"render" text NOT NULL,
	"campaign" text NOT NULL,
	"rights" text NOT NULL,
	"template" text NOT NULL,
	"format" text NOT NULL,
	"fps" double precision NOT NULL,
	"film_frames" integer NOT NULL,
	"segments" text[] NOT NULL,
	"variant" text,
	"is_behind" boolean NOT NULL,
	"counted_to" bigint DEFAULT 0 NOT NULL,
	"opened_on" text,
	"device" text,
	"reported_to" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."viewer_event" (
	"page_view" bigint NOT NULL,
	"seq" integer NOT NULL,
	"number" bigserial NOT NULL,
	"ms" bigint NOT NULL,
	"content" text NOT NULL,
	CONSTRAINT "viewer_event_page_view_seq_pk" PRIMARY KEY("page_view","seq")
);
--> statement-breakpoint
DROP INDEX "bespoke"."webhook_delivery_message";--> statement-breakpoint
ALTER TABLE "bespoke"."campaign" ADD COLUMN "viewer_events" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bespoke"."clip" ADD COLUMN "has_sound" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD COLUMN "segments" text[];--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD COLUMN "variant" text;--> statement-breakpoint
ALTER TABLE "bespoke"."webhook_delivery" ADD COLUMN "viewer" text;--> statement-breakpoint
ALTER TABLE "bespoke"."webhook_delivery" ADD COLUMN "events_after" bigint;--> statement-breakpoint
ALTER TABLE "bespoke"."webhook_delivery" ADD COLUMN "events_to" bigint;--> statement-breakpoint
ALTER TABLE "bespoke"."measurement_refusal" ADD CONSTRAINT "measurement_refusal_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."page_view" ADD CONSTRAINT "page_view_viewer_viewer_session_fk" FOREIGN KEY ("viewer") REFERENCES "bespoke"."viewer"("session") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."viewer" ADD CONSTRAINT "viewer_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."viewer_event" ADD CONSTRAINT "viewer_event_page_view_page_view_number_fk" FOREIGN KEY ("page_view") REFERENCES "bespoke"."page_view"("number") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "measurement_refusal_render" ON "bespoke"."measurement_refusal" USING btree ("render");--> statement-breakpoint
CREATE UNIQUE INDEX "page_view_page" ON "bespoke"."page_view" USING btree ("viewer","page");--> statement-breakpoint
CREATE INDEX "viewer_render" ON "bespoke"."viewer" USING btree ("render");--> statement-breakpoint
CREATE INDEX "viewer_campaign" ON "bespoke"."viewer" USING btree ("campaign","session");--> statement-breakpoint
CREATE INDEX "viewer_behind" ON "bespoke"."viewer" USING btree ("campaign","session") WHERE is_behind;--> statement-breakpoint
CREATE INDEX "clip_sound" ON "bespoke"."clip" USING btree ("template","scene") WHERE has_sound;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_message" ON "bespoke"."webhook_delivery" USING btree ("campaign","round",coalesce(render, ''),coalesce(endpoint, ''),coalesce(events_to, 0));