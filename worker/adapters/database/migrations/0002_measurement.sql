ALTER TABLE "bespoke"."image" ADD COLUMN "needed" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "image_hash" ON "bespoke"."image" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "image_unneeded" ON "bespoke"."image" USING btree ("fetched_at") WHERE not needed;--> statement-breakpoint
CREATE INDEX "render_key" ON "bespoke"."render" USING btree ("key") WHERE key is not null;--> statement-breakpoint
CREATE INDEX "render_mix" ON "bespoke"."render" USING btree ("mix") WHERE mix is not null;--> statement-breakpoint
-- Hashes of the pictures that a clip's inputs name: whether any clip shows a picture is asked for each one that goes.
CREATE FUNCTION "bespoke"."image_hashes"("inputs" text)
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(array_agg(found[1]), '{}') FROM regexp_matches(inputs, '"hash":"([^"]+)"', 'g') AS found
$$;
--> statement-breakpoint
CREATE INDEX "clip_images" ON "bespoke"."clip" USING gin ("bespoke"."image_hashes"("inputs"));
--> statement-breakpoint
-- The link of an order is kept with the order alone, so that it goes with its person.
UPDATE "bespoke"."plan_terms" SET "terms" = ("terms"::jsonb - 'link')::text WHERE "terms" LIKE '%"link":%';--> statement-breakpoint
UPDATE "bespoke"."campaign" SET "link" = NULL WHERE "link" IS NOT NULL AND "source" = '{"kind":"erased"}';
--> statement-breakpoint
ALTER TABLE "bespoke"."render" ADD COLUMN "skipped_for" text;--> statement-breakpoint
UPDATE "bespoke"."render" SET "skipped_for" = 'deleted' WHERE "deleted";--> statement-breakpoint
ALTER TABLE "bespoke"."render" DROP COLUMN "deleted";
--> statement-breakpoint
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
