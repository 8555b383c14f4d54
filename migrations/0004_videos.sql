CREATE TABLE `submissions` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`api_key_id` text,
	`model` text NOT NULL,
	`metadata` text,
	`object_key` text NOT NULL,
	`video_url` text,
	`content_hash` text,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`stage` text,
	`stage_done` integer,
	`stage_total` integer,
	`error` text,
	`created_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`updated_at_ms` integer NOT NULL,
	`completed_at_ms` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`api_key_id`) REFERENCES `api_keys`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "submissions_end_is_whole" CHECK(("submissions"."status" IN ('completed', 'failed')) = ("submissions"."completed_at_ms" IS NOT NULL) AND ("submissions"."status" = 'failed') = ("submissions"."error" IS NOT NULL))
);
--> statement-breakpoint
CREATE INDEX `submissions_open` ON `submissions` (`organisation_id`,`status`,`created_at_ms`) WHERE "submissions"."completed_at_ms" IS NULL;--> statement-breakpoint
CREATE INDEX `submissions_api_key` ON `submissions` (`api_key_id`);