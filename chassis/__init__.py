"""What every service stands on: database, outbox, broker, telemetry, health. Knows no word of the business."""
