CREATE TABLE "bespoke"."api_key" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"scopes" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone
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
CREATE TABLE "bespoke"."order" (
	"campaign" text PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"kind" text NOT NULL,
	"quality" text NOT NULL,
	"priority" integer NOT NULL,
	"source" text NOT NULL,
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
DROP INDEX "bespoke"."video_state";--> statement-breakpoint
ALTER TABLE "bespoke"."video" ADD COLUMN "link" text;--> statement-breakpoint
ALTER TABLE "bespoke"."video" ADD COLUMN "ended_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "bespoke"."order" ADD CONSTRAINT "order_campaign_campaign_id_fk" FOREIGN KEY ("campaign") REFERENCES "bespoke"."campaign"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotency_age" ON "bespoke"."idempotency" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "order_number" ON "bespoke"."order" USING btree ("number");--> statement-breakpoint
CREATE INDEX "order_kind" ON "bespoke"."order" USING btree ("kind","number");--> statement-breakpoint
CREATE INDEX "order_unsettled" ON "bespoke"."order" USING btree ("number") WHERE state in ('planning', 'rendering');--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_number" ON "bespoke"."webhook_delivery" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_delivery_end" ON "bespoke"."webhook_delivery" USING btree ("order","round");--> statement-breakpoint
CREATE INDEX "webhook_delivery_state" ON "bespoke"."webhook_delivery" USING btree ("state","number");--> statement-breakpoint
CREATE UNIQUE INDEX "video_link" ON "bespoke"."video" USING btree ("link");--> statement-breakpoint
CREATE INDEX "video_open" ON "bespoke"."video" USING btree ("campaign","ended") WHERE state in ('waiting', 'ready');--> statement-breakpoint
CREATE INDEX "video_state" ON "bespoke"."video" USING btree ("campaign","state","row");