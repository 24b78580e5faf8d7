ALTER TABLE "bespoke"."render" ADD COLUMN "skipped_for" text;--> statement-breakpoint
UPDATE "bespoke"."render" SET "skipped_for" = 'deleted' WHERE "deleted";--> statement-breakpoint
ALTER TABLE "bespoke"."render" DROP COLUMN "deleted";
