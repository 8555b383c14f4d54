CREATE TABLE `allowed_hosts` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`origin_pattern` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `allowed_hosts_page` ON `allowed_hosts` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `allowed_hosts_origin` ON `allowed_hosts` (`origin_pattern`,`organisation_id`);--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`name` text NOT NULL,
	`key_hash` text NOT NULL,
	`prefix` text NOT NULL,
	`scopes` text NOT NULL,
	`requests_per_minute` integer,
	`expires_at_ms` integer,
	`revoked_at_ms` integer,
	`last_used_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_key_hash_unique` ON `api_keys` (`key_hash`);--> statement-breakpoint
CREATE INDEX `api_keys_page` ON `api_keys` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `credit_entries` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`kind` text NOT NULL,
	`amount` integer NOT NULL,
	`balance_after` integer NOT NULL,
	`reference` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "credit_entries_no_overdraft" CHECK("credit_entries"."balance_after" >= 0)
);
--> statement-breakpoint
CREATE INDEX `credit_entries_page` ON `credit_entries` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `credit_entries_reference` ON `credit_entries` (`organisation_id`,`reference`);--> statement-breakpoint
CREATE TABLE `idempotency_records` (
	`api_key_id` text NOT NULL,
	`operation` text NOT NULL,
	`key_hash` text NOT NULL,
	`request_hash` text NOT NULL,
	`resource_id` text NOT NULL,
	`sealed_outcome` text,
	`locked_until_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	PRIMARY KEY(`api_key_id`, `operation`, `key_hash`),
	FOREIGN KEY (`api_key_id`) REFERENCES `api_keys`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `idempotency_records_expiry` ON `idempotency_records` (`expires_at_ms`);--> statement-breakpoint
CREATE INDEX `idempotency_records_resource` ON `idempotency_records` (`resource_id`);--> statement-breakpoint
CREATE TABLE `organisations` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`suspended_at_ms` integer,
	`credit_balance` integer DEFAULT 0 NOT NULL,
	`requests_per_minute` integer,
	`requests_per_minute_by_operation` text DEFAULT '{}' NOT NULL,
	`metadata_schema` text,
	`created_at_ms` integer NOT NULL,
	CONSTRAINT "organisations_balance_not_negative" CHECK("organisations"."credit_balance" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `organisations_slug_unique` ON `organisations` (`slug`);--> statement-breakpoint
CREATE TABLE `usage_events` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`api_key_id` text,
	`operation` text NOT NULL,
	`session_id` text NOT NULL,
	`model` text NOT NULL,
	`verdict` text NOT NULL,
	`score` real NOT NULL,
	`credits` integer NOT NULL,
	`frames_processed` integer NOT NULL,
	`processing_ms` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`api_key_id`) REFERENCES `api_keys`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `usage_events_page` ON `usage_events` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `usage_events_model_page` ON `usage_events` (`organisation_id`,`model`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `usage_events_check` ON `usage_events` (`organisation_id`,`operation`,`session_id`);--> statement-breakpoint
CREATE INDEX `usage_events_api_key` ON `usage_events` (`api_key_id`);