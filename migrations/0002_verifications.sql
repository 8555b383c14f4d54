CREATE TABLE `verifications` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`api_key_id` text,
	`operation` text NOT NULL,
	`session_id` text NOT NULL,
	`state` text NOT NULL,
	`claim_token` text,
	`lease_ends_at_ms` integer,
	`content_hash` text,
	`model` text,
	`verdict` text,
	`source` text,
	`input_source` text,
	`result` text,
	`warnings` text,
	`bg_segmentation` integer,
	`metadata` text,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`api_key_id`) REFERENCES `api_keys`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "verifications_done_is_whole" CHECK(("verifications"."state" = 'done') = ("verifications"."result" IS NOT NULL AND "verifications"."content_hash" IS NOT NULL AND "verifications"."lease_ends_at_ms" IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `verifications_session` ON `verifications` (`organisation_id`,`session_id`,`operation`);--> statement-breakpoint
CREATE INDEX `verifications_page` ON `verifications` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `verifications_model_page` ON `verifications` (`organisation_id`,`model`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `verifications_verdict_page` ON `verifications` (`organisation_id`,`verdict`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `verifications_lease` ON `verifications` (`lease_ends_at_ms`);--> statement-breakpoint
CREATE INDEX `verifications_api_key` ON `verifications` (`api_key_id`);