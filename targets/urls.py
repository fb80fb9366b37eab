"""Addresses of the pages of scorecards. They import no pandas, so that every command may load them."""

from django.urls import path

from targets import views

urlpatterns = [
    path("scorecard/", views.show_own, name="scorecard_now"),
    path("scorecard/<str:period>/", views.show_own, name="scorecard_own"),
    path("scorecard/<str:period>/acknowledge/", views.acknowledge_plan, name="scorecard_acknowledge"),
    path("scorecard/<str:period>/<int:employee>/", views.show_scorecard, name="scorecard"),
    path("team/", views.show_team, name="team_now"),
    path("team/<str:period>/", views.show_team, name="team"),
]
