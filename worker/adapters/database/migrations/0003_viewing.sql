CREATE TABLE "bespoke"."clip_use" (
	"clip" text NOT NULL,
	"video" text NOT NULL,
	CONSTRAINT "clip_use_clip_video_pk" PRIMARY KEY("clip","video")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."plan_terms" (
	"id" text PRIMARY KEY NOT NULL,
	"terms" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."session" (
	"id" text PRIMARY KEY NOT NULL,
	"video" text NOT NULL,
	"rights" text NOT NULL,
	"link" text NOT NULL,
	"story" text NOT NULL,
	"begins_at" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "bespoke"."session_event" (
	"session" text NOT NULL,
	"seq" integer NOT NULL,
	"id" text NOT NULL,
	"entry" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "session_event_session_seq_pk" PRIMARY KEY("session","seq")
);
--> statement-breakpoint
CREATE TABLE "bespoke"."viewing" (
	"video" text PRIMARY KEY NOT NULL,
	"terms" text NOT NULL,
	"record" text NOT NULL,
	"images" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bespoke"."wish" (
	"clip" text NOT NULL,
	"video" text NOT NULL,
	"priority" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wish_clip_video_pk" PRIMARY KEY("clip","video")
);
--> statement-breakpoint
ALTER TABLE "bespoke"."clip_use" ADD CONSTRAINT "clip_use_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."session" ADD CONSTRAINT "session_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."session_event" ADD CONSTRAINT "session_event_session_session_id_fk" FOREIGN KEY ("session") REFERENCES "bespoke"."session"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."viewing" ADD CONSTRAINT "viewing_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bespoke"."wish" ADD CONSTRAINT "wish_video_video_id_fk" FOREIGN KEY ("video") REFERENCES "bespoke"."video"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clip_use_video" ON "bespoke"."clip_use" USING btree ("video");--> statement-breakpoint
CREATE INDEX "session_video" ON "bespoke"."session" USING btree ("video");--> statement-breakpoint
CREATE UNIQUE INDEX "session_owner" ON "bespoke"."session" USING btree ("video") WHERE rights = 'owner' and ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "session_event_id" ON "bespoke"."session_event" USING btree ("session","id");--> statement-breakpoint
CREATE INDEX "wish_video" ON "bespoke"."wish" USING btree ("video");--> statement-breakpoint
INSERT INTO "bespoke"."clip_use" ("clip", "video")
SELECT DISTINCT "clip"."key", "video"."id"
FROM "bespoke"."video", jsonb_array_elements("video"."path"::jsonb) AS "step"
JOIN "bespoke"."clip" ON "clip"."key" = "step"->>'clip'
WHERE "clip"."personal" AND "video"."state" <> 'cancelled' AND "video"."state" <> 'failed';
