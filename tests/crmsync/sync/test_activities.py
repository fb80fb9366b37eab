"""An operator's own rules about kinds of activities."""

from crmsync.activities import reclassify
from crmsync.models import Activity
from tests.crmsync.sync.company import stamp


def test_new_rule_changes_what_is_mirrored_already(connected, store, run, touched):
    store.add("activities", {"ID": "900", "TYPE_ID": "6", "PROVIDER_ID": "XYZ_APP", "RESPONSIBLE_ID": "2"}, at=stamp(1))
    run(connected)
    touched(connected)
    connected.activity_map = [[6, "XYZ_APP", "chat"]]
    connected.save()
    assert reclassify(connected) == 1
    assert Activity.objects.get(external_id=900).kind == Activity.Kind.CHAT
    assert touched(connected) == {(None, None)}


def test_unchanged_rules_touch_nothing(connected, run, touched):
    run(connected)
    touched(connected)
    assert reclassify(connected) == 0
    assert touched(connected) == set()
