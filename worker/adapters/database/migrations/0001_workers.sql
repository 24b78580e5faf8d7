CREATE TABLE "bespoke"."worker" (
	"id" text PRIMARY KEY NOT NULL,
	"engine_version" text NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bespoke"."deployment" ADD COLUMN "engine_version" text;