DROP INDEX "bespoke"."webhook_delivery_message";--> statement-breakpoint
ALTER TABLE "bespoke"."viewer" ADD COLUMN "reported_to" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "bespoke"."campaign" ADD COLUMN "viewer_events" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bespoke"."webhook_delivery" ADD COLUMN "viewer" text;--> statement-breakpoint
ALTER TABLE "bespoke"."webhook_delivery" ADD COLUMN "events_after" bigint;--> statement-breakpoint
ALTER TABLE "bespoke"."webhook_delivery" ADD COLUMN "events_to" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_message" ON "bespoke"."webhook_delivery" USING btree ("campaign","round",coalesce(render, ''),coalesce(endpoint, ''),coalesce(events_to, 0));