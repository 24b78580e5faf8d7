ALTER TABLE "bespoke"."remake" ADD COLUMN "failure_told" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "bespoke"."remake" DROP COLUMN "outdated";