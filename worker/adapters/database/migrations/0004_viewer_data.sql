CREATE TABLE "bespoke"."consent" (
	"video" text NOT NULL,
	"variable" text NOT NULL,
	"agreed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "consent_video_variable_pk" PRIMARY KEY("video","variable")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."record_change" (
	"video" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"original" text NOT NULL,
	CONSTRAINT "record_change_video_name_pk" PRIMARY KEY("video","name")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."remake" (
	"of" text PRIMARY KEY NOT NULL,
	"video" text NOT NULL,
	"outdated" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."share" (
	"video" text PRIMARY KEY NOT NULL,
	"link" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "bespoke"."consent" ADD CONSTRAINT "consent_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."record_change" ADD CONSTRAINT "record_change_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."remake" ADD CONSTRAINT "remake_of_video_id_fk" FOREIGN KEY ("of") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."remake" ADD CONSTRAINT "remake_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."share" ADD CONSTRAINT "share_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "remake_video" ON "bespoke"."remake" USING btree ("video");--> statement-breakpoint
CREATE UNIQUE INDEX "share_link" ON "bespoke"."share" USING btree ("link");