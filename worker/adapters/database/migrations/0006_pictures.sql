ALTER TABLE "bespoke"."clip" ADD COLUMN "stills" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "bespoke"."video" ADD COLUMN "coming" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "bespoke"."video" ADD COLUMN "reported" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "video_coming" ON "bespoke"."video" USING btree ("id") WHERE coming <> '[]';