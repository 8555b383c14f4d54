CREATE TABLE `face_collections` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`name` text NOT NULL,
	`shard_count` integer DEFAULT 1 NOT NULL,
	`person_count` integer DEFAULT 0 NOT NULL,
	`deleted_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `face_collections_page` ON `face_collections` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `face_collections_deleted` ON `face_collections` (`deleted_at_ms`) WHERE "face_collections"."deleted_at_ms" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `face_persons` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`collection_id` text NOT NULL,
	`shard` integer NOT NULL,
	`name` text NOT NULL,
	`state` text NOT NULL,
	`face_count` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`collection_id`) REFERENCES `face_collections`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `face_persons_page` ON `face_persons` (`organisation_id`,`state`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `face_persons_collection_page` ON `face_persons` (`collection_id`,`state`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `face_persons_unsettled` ON `face_persons` (`updated_at_ms`) WHERE "face_persons"."state" <> 'enrolled';--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_usage_events` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`api_key_id` text,
	`operation` text NOT NULL,
	`session_id` text NOT NULL,
	`model` text NOT NULL,
	`verdict` text,
	`score` real,
	`credits` integer NOT NULL,
	`frames_processed` integer NOT NULL,
	`processing_ms` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`api_key_id`) REFERENCES `api_keys`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
INSERT INTO `__new_usage_events`("id", "organisation_id", "api_key_id", "operation", "session_id", "model", "verdict", "score", "credits", "frames_processed", "processing_ms", "created_at_ms") SELECT "id", "organisation_id", "api_key_id", "operation", "session_id", "model", "verdict", "score", "credits", "frames_processed", "processing_ms", "created_at_ms" FROM `usage_events`;--> statement-breakpoint
DROP TABLE `usage_events`;--> statement-breakpoint
ALTER TABLE `__new_usage_events` RENAME TO `usage_events`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `usage_events_page` ON `usage_events` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `usage_events_model_page` ON `usage_events` (`organisation_id`,`model`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `usage_events_check` ON `usage_events` (`organisation_id`,`operation`,`session_id`);--> statement-breakpoint
CREATE INDEX `usage_events_api_key` ON `usage_events` (`api_key_id`);