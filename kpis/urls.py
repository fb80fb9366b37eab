"""Addresses of the pages of KPIs beside the admin. They import no pandas, so that every command may load them."""

from django.urls import path

from kpis import views

urlpatterns = [path("why/", views.explain_why, name="why")]
