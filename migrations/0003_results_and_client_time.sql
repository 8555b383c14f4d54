ALTER TABLE `verifications` ADD `started_at_ms` integer;--> statement-breakpoint
ALTER TABLE `verifications` ADD `client_time_ms` integer;