"""What the back office looks for among millions: payments by date, refunds by reason, events."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("payments", "0004_ledger_is_append_only")]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["created_at"], name="payments_pa_created_b8a300_idx"),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["reason"], name="payments_re_reason_7c0398_idx"),
        ),
        migrations.AddIndex(
            model_name="webhookevent",
            index=models.Index(fields=["intent_id"], name="payments_we_intent__85c292_idx"),
        ),
    ]
