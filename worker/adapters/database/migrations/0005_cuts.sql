CREATE TABLE "bespoke"."cut" (
	"id" text PRIMARY KEY NOT NULL,
	"template" text NOT NULL,
	"scene" text NOT NULL,
	"proven" integer DEFAULT 0 NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"frame" integer,
	"settled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."proof" (
	"id" text PRIMARY KEY NOT NULL,
	"cut" text NOT NULL,
	"render" text NOT NULL,
	"node" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bespoke"."proof" ADD CONSTRAINT "proof_render_render_id_fk" FOREIGN KEY ("render") REFERENCES "bespoke"."render"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cut_template" ON "bespoke"."cut" USING btree ("template");--> statement-breakpoint
CREATE INDEX "cut_withdrawn" ON "bespoke"."cut" USING btree ("id") WHERE withdrawn_at is not null;--> statement-breakpoint
CREATE INDEX "proof_render" ON "bespoke"."proof" USING btree ("render");--> statement-breakpoint
CREATE INDEX "proof_open" ON "bespoke"."proof" USING btree ("cut") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "render_source_terms" ON "bespoke"."render_source" USING btree ("terms");