ALTER TABLE "bespoke"."campaign" ADD COLUMN "external_id" text;--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD COLUMN "deleted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "campaign_external_id" ON "bespoke"."campaign" USING btree ("external_id") WHERE external_id is not null;