CREATE TABLE "bespoke"."erased_person" (
	"person" text PRIMARY KEY NOT NULL,
	"erased_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."removal" (
	"shelf" text NOT NULL,
	"name" text NOT NULL,
	"watch_until" timestamp with time zone NOT NULL,
	CONSTRAINT "removal_shelf_name_pk" PRIMARY KEY("shelf","name")
);
--> statement-breakpoint
ALTER TABLE "bespoke"."order" ADD COLUMN "person" text;--> statement-breakpoint
ALTER TABLE "bespoke"."video" ADD COLUMN "person" text;--> statement-breakpoint
ALTER TABLE "bespoke"."video" ADD COLUMN "erased" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "order_person" ON "bespoke"."order" USING btree ("person") WHERE person is not null;--> statement-breakpoint
CREATE INDEX "video_person" ON "bespoke"."video" USING btree ("person") WHERE person is not null;