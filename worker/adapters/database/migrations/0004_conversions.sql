CREATE TABLE "bespoke"."conversion" (
	"key" text PRIMARY KEY NOT NULL,
	"person" text,
	"render" text,
	"name" text NOT NULL,
	"value" numeric,
	"currency" text,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "conversion_person" ON "bespoke"."conversion" USING btree ("person","at") WHERE person is not null;--> statement-breakpoint
CREATE INDEX "conversion_render" ON "bespoke"."conversion" USING btree ("render","at") WHERE render is not null;